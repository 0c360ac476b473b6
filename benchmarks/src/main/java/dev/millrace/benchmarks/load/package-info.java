/** Load from this machine to itself, bounded in count and time. */
@NullMarked
package dev.millrace.benchmarks.load;

import org.jspecify.annotations.NullMarked;
