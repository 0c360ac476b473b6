/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.partition;

import org.jspecify.annotations.NullMarked;
