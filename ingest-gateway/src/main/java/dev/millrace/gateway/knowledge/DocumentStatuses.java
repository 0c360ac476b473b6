package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.event.EventNames;
import dev.millrace.schemas.json.AvroJsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What became of documents that were sent: as their topic says, else as the mirror has it. */
public final class DocumentStatuses {

  /** Type of the events of documents on their way; a status follows where one arrived. */
  private static final String CHANGED = EventNames.DOCUMENT_CHANGED;

  private static final String TYPE_PREFIX = "document_";

  /** How far back a request is looked for among past events. */
  private static final String FIND =
      """
      SELECT event_type, subject, data, "timestamp"
        FROM public.ai_events
       WHERE event_type LIKE 'document\\_%'
         AND topic IN ('document.changes', 'document.embeddings')
         AND "timestamp" > now() - interval '7 days'
         AND data ->> 'request_id' = :request
       ORDER BY (event_type = :changed), id DESC
       LIMIT 1
      """;

  private final Access access;
  private final IndexedDocuments documents;
  private final ReadModels reads;

  public DocumentStatuses(Access access, IndexedDocuments documents, ReadModels reads) {
    this.access = access;
    this.documents = documents;
    this.reads = reads;
  }

  public Route route() {
    return Route.get("/api/knowledge/documents/{requestId}", this::status);
  }

  private Answer status(Call call) {
    access.operator(call);
    String requestId = call.parameter("requestId");
    Optional<DocumentEmbedding> result = documents.result(requestId);
    if (result.isPresent()) {
      return Answer.ok(view(requestId, Json.read(AvroJsonWriter.write(result.get()))));
    }
    List<ObjectNode> past = reads.rows(FIND, Map.of("request", requestId, "changed", CHANGED));
    Optional<ObjectNode> mirrored = past.stream().findFirst().flatMap(DocumentStatuses::result);
    if (mirrored.isPresent()) {
      return Answer.ok(view(requestId, mirrored.get()));
    }
    if (past.isEmpty() && !documents.knows(requestId)) {
      throw ProblemException.notFound("no document was sent with the request " + requestId);
    }
    return Answer.ok(Json.object().put("request_id", requestId).put("status", "pending"));
  }

  /** How an indexing ended, by its event; nothing while the document is on its way. */
  private static Optional<ObjectNode> result(ObjectNode event) {
    String type = event.required("event_type").stringValue();
    if (type.equals(CHANGED)) {
      return Optional.empty();
    }
    ObjectNode result = Json.object();
    result.setAll(event.required("data").asObject());
    result.put("status", type.substring(TYPE_PREFIX.length()));
    result.set("document_uri", event.get("subject"));
    result.set("indexed_at", event.get("timestamp"));
    return Optional.of(result);
  }

  private static ObjectNode view(String requestId, JsonNode result) {
    ObjectNode view =
        Json.object()
            .put("request_id", requestId)
            .put("status", result.required("status").stringValue().toLowerCase(Locale.ROOT));
    for (String field :
        List.of("document_uri", "chunks_processed", "embeddings_created", "model", "reason")) {
      view.set(field, result.get(field));
    }
    return view.set("indexed_at", result.get("indexed_at"));
  }
}
