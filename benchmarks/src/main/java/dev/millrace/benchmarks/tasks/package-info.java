/** How many tasks the pipeline does, and what a large backlog costs. */
@NullMarked
package dev.millrace.benchmarks.tasks;

import org.jspecify.annotations.NullMarked;
