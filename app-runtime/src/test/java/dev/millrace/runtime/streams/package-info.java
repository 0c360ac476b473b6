/** Tests of what a topology does with bad records. */
@NullMarked
package dev.millrace.runtime.streams;

import org.jspecify.annotations.NullMarked;
