/** The daily partitions of the mirror's table. */
@NullMarked
package dev.millrace.audit.partition;

import org.jspecify.annotations.NullMarked;
