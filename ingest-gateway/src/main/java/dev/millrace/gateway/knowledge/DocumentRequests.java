package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.document.IndexingStatus;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Hands documents to the embedding worker, and answers with what it makes of them. */
final class DocumentRequests {

  private static final String STATUS_PATH = "/api/knowledge/documents/";

  private final EventSink sink;
  private final Replies<DocumentEmbedding> replies;
  private final IndexedDocuments documents;
  private final Duration timeout;

  /**
   * @param timeout how long a request waits for its document to be indexed
   */
  DocumentRequests(
      EventSink sink,
      Replies<DocumentEmbedding> replies,
      IndexedDocuments documents,
      Duration timeout) {
    this.sink = sink;
    this.replies = replies;
    this.documents = documents;
    this.timeout = timeout;
  }

  /** Sends a document, and waits for what becomes of it as long as it may be waited. */
  Answer send(Call call, String client, DocumentChange.Builder change) throws InterruptedException {
    EventContext context = call.event(EventId.random());
    String requestId = context.id().value();
    DocumentChange value = complete(change, client, context);
    call.log("request_id", requestId);
    try (Replies<DocumentEmbedding>.Pending reply = replies.expect(requestId)) {
      Acknowledgement.await(
          sink.publish(Topics.DOCUMENT_CHANGES, value.getDocumentUri(), value, context));
      documents.sent(requestId);
      Optional<DocumentEmbedding> result = reply.await(timeout);
      return result.isPresent() ? indexed(result.get()) : accepted(requestId);
    }
  }

  /** Sends web addresses: each is a document with a status of its own, and none is waited for. */
  Answer sendAll(Call call, String client, List<DocumentChange.Builder> changes)
      throws InterruptedException {
    ObjectNode answer = Json.object().put("success", true).put("status", "pending");
    ArrayNode requests = answer.putArray("requests");
    for (DocumentChange.Builder change : changes) {
      EventContext context = call.event(EventId.random());
      String requestId = context.id().value();
      DocumentChange value = complete(change, client, context);
      documents.sent(requestId);
      Acknowledgement.await(
          sink.publish(Topics.DOCUMENT_CHANGES, value.getDocumentUri(), value, context));
      requests
          .addObject()
          .put("url", value.getDocumentUri())
          .put("request_id", requestId)
          .put("status_url", STATUS_PATH + requestId);
    }
    return Answer.json(202, answer);
  }

  private static DocumentChange complete(
      DocumentChange.Builder change, String client, EventContext context) {
    if (!change.hasChange()) {
      change.setChange(ChangeType.MODIFIED);
    }
    return change
        .setRequestId(context.id().value())
        .setRequestedBy(client)
        .setChangedAt(context.time())
        .build();
  }

  private static Answer indexed(DocumentEmbedding result) {
    if (result.getStatus() == IndexingStatus.FAILED) {
      throw ProblemException.unprocessable(
          "%s could not be indexed: %s".formatted(result.getDocumentUri(), result.getReason()));
    }
    if (result.getStatus() == IndexingStatus.REMOVED) {
      return Answer.ok(Json.object().put("success", true).put("status", "removed"));
    }
    if (result.getDocuments() != null) {
      return Answer.json(
          202,
          Json.object()
              .put("success", true)
              .put("status", "pending")
              .put("documents", result.getDocuments()));
    }
    return Answer.ok(
        Json.object()
            .put("success", true)
            .put("chunks_processed", result.getChunksProcessed())
            .put("embeddings_created", result.getEmbeddingsCreated()));
  }

  private static Answer accepted(String requestId) {
    String url = STATUS_PATH + requestId;
    ObjectNode body =
        Json.object()
            .put("success", true)
            .put("status", "pending")
            .put("request_id", requestId)
            .put("status_url", url);
    return Answer.json(202, body).withHeaders(Map.of("Location", url));
  }
}
