/** The agent that asks a Claude model over Anthropic's Messages API. */
@NullMarked
package dev.millrace.worker.anthropic;

import org.jspecify.annotations.NullMarked;
