/** An agent: what does the work of a run, and how it tells what it did. */
@NullMarked
package dev.millrace.worker.agent;

import org.jspecify.annotations.NullMarked;
