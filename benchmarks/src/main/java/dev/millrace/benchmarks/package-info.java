/** Benchmarks of the running pipeline; each prints its figures last, one a line. */
@NullMarked
package dev.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
