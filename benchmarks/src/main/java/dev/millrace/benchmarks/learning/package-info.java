/** How long learners wait. */
@NullMarked
package dev.millrace.benchmarks.learning;

import org.jspecify.annotations.NullMarked;
