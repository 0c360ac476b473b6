/** Tests of what lies behind a failure. */
@NullMarked
package dev.millrace.runtime.failure;

import org.jspecify.annotations.NullMarked;
