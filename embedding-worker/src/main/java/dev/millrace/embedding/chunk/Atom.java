package dev.millrace.embedding.chunk;

import dev.millrace.embedding.parse.Block;

/**
 * What chunks are put together from: a block, or a part of one that is too long for a chunk.
 *
 * @param block block it is of
 * @param start its first character
 * @param end the character after its last, white space behind it included
 * @param tokens tokens of it
 */
record Atom(Block block, int start, int end, int tokens) {

  boolean isHeading() {
    return block.kind() == Block.Kind.HEADING;
  }
}
