package dev.millrace.embedding.parse;

/** Reads documents of one format. */
@FunctionalInterface
public interface Parser {

  /**
   * Reads a document.
   *
   * @throws UnparsableException if it is not of this format
   */
  ParsedDocument parse(byte[] content) throws InterruptedException;
}
