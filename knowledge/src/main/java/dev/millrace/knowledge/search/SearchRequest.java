package dev.millrace.knowledge.search;

import org.jspecify.annotations.Nullable;

/**
 * A question to the knowledge base.
 *
 * @param query what is looked for, in words
 * @param limit hits at most, 1 to {@value #MAX_LIMIT}
 * @param category only documents of this category
 * @param repository only files of this repository, {@code owner/name}
 * @param source only this document, by its URI
 */
public record SearchRequest(
    String query,
    int limit,
    @Nullable String category,
    @Nullable String repository,
    @Nullable String source) {

  public static final int MAX_LIMIT = 100;
  public static final int MAX_QUERY_LENGTH = 8_000;

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

  /** The nearest chunks of the whole knowledge base. */
  public static SearchRequest of(String query, int limit) {
    return new SearchRequest(query, limit, null, null, null);
  }

  /** Whether it looks at a part of the knowledge base only. */
  boolean isFiltered() {
    return category != null || repository != null || source != null;
  }
}
