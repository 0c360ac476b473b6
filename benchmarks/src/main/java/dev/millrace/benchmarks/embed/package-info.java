/** How much of the bare model's speed is left behind the pipeline. */
@NullMarked
package dev.millrace.benchmarks.embed;

import org.jspecify.annotations.NullMarked;
