/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.archive;

import org.jspecify.annotations.NullMarked;
