/** What is remembered of runs, so that no model is called twice for one. */
@NullMarked
package dev.millrace.worker.journal;

import org.jspecify.annotations.NullMarked;
