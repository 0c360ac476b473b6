/** One run: an assignment from its start to its end, watched and reported. */
@NullMarked
package dev.millrace.worker.run;

import org.jspecify.annotations.NullMarked;
