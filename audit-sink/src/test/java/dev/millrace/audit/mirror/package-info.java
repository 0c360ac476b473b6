/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.mirror;

import org.jspecify.annotations.NullMarked;
