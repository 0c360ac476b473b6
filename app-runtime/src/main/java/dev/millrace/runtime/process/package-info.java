/** Processes that apps start, and end with everything they started. */
@NullMarked
package dev.millrace.runtime.process;

import org.jspecify.annotations.NullMarked;
