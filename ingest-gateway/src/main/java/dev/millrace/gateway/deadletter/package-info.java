/** Dead letters: looked at, corrected, sent back or discarded, each with who and why. */
@NullMarked
package dev.millrace.gateway.deadletter;

import org.jspecify.annotations.NullMarked;
