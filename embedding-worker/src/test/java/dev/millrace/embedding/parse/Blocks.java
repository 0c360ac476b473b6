package dev.millrace.embedding.parse;

import static dev.millrace.embedding.parse.Blocks.block;

/** Finds blocks of parsed documents. */
final class Blocks {

  private Blocks() {}

  /** The first block that contains these words. */
  static Block block(ParsedDocument document, String words) {
    return document.blocks().stream()
        .filter(block -> document.text().substring(block.start(), block.end()).contains(words))
        .findFirst()
        .orElseThrow();
  }
}
