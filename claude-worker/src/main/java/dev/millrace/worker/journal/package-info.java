/** What is remembered of runs and generations, so that nothing is asked and paid for twice. */
@NullMarked
package dev.millrace.worker.journal;

import org.jspecify.annotations.NullMarked;
