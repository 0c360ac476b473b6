/** Tests of the runtime as a whole. */
@NullMarked
package dev.millrace.runtime;

import org.jspecify.annotations.NullMarked;
