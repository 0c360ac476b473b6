package dev.millrace.embedding.chunk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a document.
 *
 * @param index its place among the chunks of the document, from 0
 * @param content its text, word for word
 * @param headingPath headings that all of it stands under, the outermost first
 * @param startChar its first character in the document's text
 * @param endChar the character after its last
 * @param startLine its first line, from 1; null in a document without lines
 * @param endLine its last line
 * @param page page it begins on, from 1; null in a document without pages
 */
public record Chunk(
    int index,
    String content,
    List<String> headingPath,
    int startChar,
    int endChar,
    @Nullable Integer startLine,
    @Nullable Integer endLine,
    @Nullable Integer page) {

  public Chunk {
    headingPath = List.copyOf(headingPath);
  }
}
