package dev.millrace.embedding.parse;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** Reads documents of one format. */
@FunctionalInterface
public interface Parser {

  /**
   * Reads a document.
   *
   * @param named charset that the sender named; a format that says its own needs none
   * @throws UnparsableException if it is not of this format
   */
  ParsedDocument parse(byte[] content, @Nullable Charset named) throws InterruptedException;
}
