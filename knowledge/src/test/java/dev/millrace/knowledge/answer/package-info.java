/** Tests of answers. */
@NullMarked
package dev.millrace.knowledge.answer;

import org.jspecify.annotations.NullMarked;
