/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.stored;

import org.jspecify.annotations.NullMarked;
