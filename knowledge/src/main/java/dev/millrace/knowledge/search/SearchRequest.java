package dev.millrace.knowledge.search;

import org.jspecify.annotations.Nullable;

/**
 * A question to the knowledge base.
 *
 * @param query what is looked for, in words
 * @param limit hits at most, 1 to {@value #MAX_LIMIT}
 * @param filter part of the knowledge base to look at
 * @param mode how hits are ranked
 * @param onePerDocument whether only the best chunk of each document counts
 * @param reader whose preferences and ratings move what is found; null is nobody's
 */
public record SearchRequest(
    String query,
    int limit,
    Filter filter,
    SearchMode mode,
    boolean onePerDocument,
    @Nullable Reader reader) {

  public static final int MAX_LIMIT = 200;
  public static final int MAX_QUERY_LENGTH = 8_000;

  /**
   * Which part of the knowledge base is looked at.
   *
   * @param category only documents of this category
   * @param repository only files of this repository, {@code owner/name}
   * @param source only this document, by its URI
   */
  public record Filter(
      @Nullable String category, @Nullable String repository, @Nullable String source) {

    /** The whole knowledge base. */
    public static final Filter NONE = new Filter(null, null, null);

    boolean isEmpty() {
      return equals(NONE);
    }
  }

  /**
   * @throws IllegalArgumentException if the query is blank or too long, or the limit out of range
   */
  public SearchRequest {
    if (query.isBlank() || query.length() > MAX_QUERY_LENGTH) {
      throw new IllegalArgumentException(
          "query: expected 1 to %d characters that are not all blank, found %d"
              .formatted(MAX_QUERY_LENGTH, query.length()));
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit: expected 1 to %d, found %d".formatted(MAX_LIMIT, limit));
    }
  }

  /** A question of nobody in particular. */
  public SearchRequest(
      String query, int limit, Filter filter, SearchMode mode, boolean onePerDocument) {
    this(query, limit, filter, mode, onePerDocument, null);
  }

  /** The chunks of the whole knowledge base that fit best. */
  public static SearchRequest of(String query, int limit) {
    return new SearchRequest(query, limit, Filter.NONE, SearchMode.HYBRID, false);
  }

  /** The same question with another ranking. */
  public SearchRequest in(SearchMode other) {
    return new SearchRequest(query, limit, filter, other, onePerDocument, reader);
  }

  /** The same question about a part of the knowledge base. */
  public SearchRequest within(Filter other) {
    return new SearchRequest(query, limit, other, mode, onePerDocument, reader);
  }

  /** The same question with one hit for each document. */
  public SearchRequest byDocument() {
    return new SearchRequest(query, limit, filter, mode, true, reader);
  }
}
