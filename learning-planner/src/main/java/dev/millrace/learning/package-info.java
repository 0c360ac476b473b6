/** Daily learning plans from intents, signals and completions. */
@NullMarked
package dev.millrace.learning;

import org.jspecify.annotations.NullMarked;
