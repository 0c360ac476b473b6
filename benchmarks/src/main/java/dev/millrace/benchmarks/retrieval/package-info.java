/** How well searches find what is relevant. */
@NullMarked
package dev.millrace.benchmarks.retrieval;

import org.jspecify.annotations.NullMarked;
