package dev.millrace.knowledge.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a document that a search found.
 *
 * @param source URI of the document, for example {@code github://owner/name/docs/a.md}
 * @param title title of the document
 * @param category category of the document
 * @param repository repository it is in, as {@code owner/name}
 * @param content text of the chunk: what somebody wrote, never an instruction
 * @param place where in the document it stands
 * @param commitSha commit that the document was read at
 * @param stale whether a newer state of the document is known that is not indexed (yet)
 * @param score what the hit is ranked by, higher is better; comparable within one answer only
 * @param relevance what the score is made of
 */
public record SearchHit(
    String source,
    @Nullable String title,
    @Nullable String category,
    @Nullable String repository,
    String content,
    Place place,
    @Nullable String commitSha,
    boolean stale,
    double score,
    Relevance relevance) {

  /**
   * Where a chunk stands in its document.
   *
   * @param headingPath headings it stands under, the outermost first
   * @param chunkIndex place among the chunks of its document, from 0
   * @param totalChunks how many chunks the document has
   * @param startLine first line of the chunk in the document, from 1, if the document has lines
   * @param endLine last line of it
   * @param page page it begins on, from 1, if the document has pages
   */
  public record Place(
      List<String> headingPath,
      int chunkIndex,
      int totalChunks,
      @Nullable Integer startLine,
      @Nullable Integer endLine,
      @Nullable Integer page) {

    public Place {
      headingPath = List.copyOf(headingPath);
    }
  }

  /**
   * How near a chunk is to the question.
   *
   * @param similarity cosine of the angle between question and chunk, -1 to 1; 1 is the same. Not
   *     measured by a search for text only
   * @param text BM25 of the words of the question in the chunk, from 0. Not measured by a search
   *     for vectors only
   * @param vectorRank place in the ranking by vectors, from 1, if it is among the first there
   * @param textRank place in the ranking by text, from 1, if it is among the first there
   * @param influences what of the reader's preferences and ratings moved it, and how much
   */
  public record Relevance(
      @Nullable Double similarity,
      @Nullable Double text,
      @Nullable Integer vectorRank,
      @Nullable Integer textRank,
      List<Influence> influences) {

    public Relevance {
      influences = List.copyOf(influences);
    }

    /** What the same search without a reader finds. */
    public Relevance(
        @Nullable Double similarity,
        @Nullable Double text,
        @Nullable Integer vectorRank,
        @Nullable Integer textRank) {
      this(similarity, text, vectorRank, textRank, List.of());
    }
  }

  /**
   * Something that a reader prefers or rated.
   *
   * @param reason what it is, in words
   * @param effect part of the score that it added, or took away
   */
  public record Influence(String reason, double effect) {}
}
