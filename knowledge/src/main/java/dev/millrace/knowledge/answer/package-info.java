/** Answers to questions, out of the sources that hold them. */
@NullMarked
package dev.millrace.knowledge.answer;

import org.jspecify.annotations.NullMarked;
