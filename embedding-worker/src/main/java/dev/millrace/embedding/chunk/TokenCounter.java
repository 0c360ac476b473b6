package dev.millrace.embedding.chunk;

/**
 * Counts the tokens of a text as a model does. Cutting a text never makes its parts together count
 * less than the whole.
 */
@FunctionalInterface
public interface TokenCounter {

  int count(String text);
}
