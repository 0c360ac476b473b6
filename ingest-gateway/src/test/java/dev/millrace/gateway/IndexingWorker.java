package dev.millrace.gateway;

import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.document.IndexingStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the embedding worker says of documents, by a test. */
final class IndexingWorker {

  private IndexingWorker() {}

  /** Answers every document that comes in from now on. */
  static void answers(GatewayFixture gateway, IndexingStatus status, @Nullable String reason) {
    gateway.sink.react(written -> {
      if (written.value() instanceof DocumentChange change) {
        gateway.gateway.knowledge().saw(embedding(change, status, reason));
      }
    });
  }

  static DocumentEmbedding embedding(
      DocumentChange change, IndexingStatus status, @Nullable String reason) {
    return DocumentEmbedding.newBuilder()
        .setDocumentUri(change.getDocumentUri())
        .setStatus(status)
        .setChunksProcessed(15)
        .setEmbeddingsCreated(15)
        .setReason(reason)
        .setRequestId(change.getRequestId())
        .setIndexedAt(Instant.now())
        .build();
  }
}
