/** What a model is told, with the text of others fenced off as data. */
@NullMarked
package dev.millrace.worker.prompt;

import org.jspecify.annotations.NullMarked;
