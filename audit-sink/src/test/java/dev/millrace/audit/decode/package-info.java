/** Tests of the package of the same name. */
@NullMarked
package dev.millrace.audit.decode;

import org.jspecify.annotations.NullMarked;
