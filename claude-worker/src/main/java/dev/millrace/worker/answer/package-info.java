/** Answers that must be JSON of a certain shape. */
@NullMarked
package dev.millrace.worker.answer;

import org.jspecify.annotations.NullMarked;
