/** Takes old partitions of the mirror into signed, compressed files, and brings them back. */
@NullMarked
package dev.millrace.audit.archive;

import org.jspecify.annotations.NullMarked;
