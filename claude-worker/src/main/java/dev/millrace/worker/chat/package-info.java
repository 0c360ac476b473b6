/** Agents that are a model: the loop of question, tools and answer, whoever the provider is. */
@NullMarked
package dev.millrace.worker.chat;

import org.jspecify.annotations.NullMarked;
