/** The agent that asks a model over OpenAI's Chat Completions API. */
@NullMarked
package dev.millrace.worker.openai;

import org.jspecify.annotations.NullMarked;
