package dev.millrace.gateway.knowledge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.schemas.document.DocumentEmbedding;
import java.time.Duration;
import java.util.Optional;

/** What became of documents that were sent a moment ago, and those still on their way. */
public final class IndexedDocuments {

  private static final int MAX_DOCUMENTS = 10_000;
  private static final Duration FORGET_AFTER = Duration.ofHours(1);

  private final Cache<String, Optional<DocumentEmbedding>> byRequest =
      Caffeine.newBuilder().maximumSize(MAX_DOCUMENTS).expireAfterWrite(FORGET_AFTER).build();

  /** A document is on its way. */
  public void sent(String requestId) {
    byRequest.asMap().putIfAbsent(requestId, Optional.empty());
  }

  /** A document was indexed, or could not be. */
  public void finished(String requestId, DocumentEmbedding result) {
    byRequest.put(requestId, Optional.of(result));
  }

  /** Whether the request is known. */
  public boolean knows(String requestId) {
    return byRequest.getIfPresent(requestId) != null;
  }

  /** What became of the document, if that is known. */
  public Optional<DocumentEmbedding> result(String requestId) {
    Optional<DocumentEmbedding> known = byRequest.getIfPresent(requestId);
    return known == null ? Optional.empty() : known;
  }
}
