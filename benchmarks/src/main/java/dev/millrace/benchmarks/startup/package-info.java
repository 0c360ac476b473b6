/** How long the pipeline takes to start, and how much memory it takes. */
@NullMarked
package dev.millrace.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
