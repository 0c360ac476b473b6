/** What becomes of a run's result: the commit, and the result of the event. */
@NullMarked
package dev.millrace.worker.result;

import org.jspecify.annotations.NullMarked;
