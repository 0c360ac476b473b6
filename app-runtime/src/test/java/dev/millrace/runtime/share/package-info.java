/** Tests of the work taken from share groups. */
@NullMarked
package dev.millrace.runtime.share;

import org.jspecify.annotations.NullMarked;
