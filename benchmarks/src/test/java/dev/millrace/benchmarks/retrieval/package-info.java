/** Tests of the measures of retrieval. */
@NullMarked
package dev.millrace.benchmarks.retrieval;

import org.jspecify.annotations.NullMarked;
