/** How long it takes from a request to the start of its agent. */
@NullMarked
package dev.millrace.benchmarks.latency;

import org.jspecify.annotations.NullMarked;
