/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.copy;

import org.jspecify.annotations.NullMarked;
