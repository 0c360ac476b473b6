package dev.millrace.runtime.writer;

import dev.millrace.runtime.usage.ModelCall.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * What a model writes for.
 *
 * @param purpose what its calls are told apart by
 * @param model the model, or null for the usual one of its provider
 * @param maxTokens how many tokens it may write in an answer
 * @param maxTokensVariable variable that says so
 */
public record WriterConfig(
    Purpose purpose, @Nullable String model, int maxTokens, String maxTokensVariable) {}
