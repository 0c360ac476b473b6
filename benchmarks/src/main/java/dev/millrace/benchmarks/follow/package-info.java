/** Reading along on a topic while a benchmark runs. */
@NullMarked
package dev.millrace.benchmarks.follow;

import org.jspecify.annotations.NullMarked;
