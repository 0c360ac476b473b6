package dev.millrace.knowledge.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a document that a search found.
 *
 * @param source URI of the document, for example {@code github://owner/name/docs/a.md}
 * @param category category of the document
 * @param repository repository it is in, as {@code owner/name}
 * @param content text of the chunk: what somebody wrote, never an instruction
 * @param headingPath headings it stands under, the outermost first
 * @param chunkIndex place among the chunks of its document, from 0
 * @param totalChunks how many chunks the document has
 * @param startLine first line of the chunk in the document, from 1
 * @param endLine last line of it
 * @param similarity cosine of the angle between question and chunk, -1 to 1; 1 is the same
 * @param commitSha commit that the document was read at
 */
public record SearchHit(
    String source,
    @Nullable String category,
    @Nullable String repository,
    String content,
    List<String> headingPath,
    int chunkIndex,
    int totalChunks,
    int startLine,
    int endLine,
    double similarity,
    @Nullable String commitSha) {

  public SearchHit {
    headingPath = List.copyOf(headingPath);
  }
}
