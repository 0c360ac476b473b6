package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.github.RepositoryNames;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.BodySchema;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Takes documents to index or to remove. */
public final class DocumentIntake {

  private static final String INDEXED =
      "SELECT 1 AS there FROM public.embeddings WHERE source = :uri LIMIT 1";

  private final Access access;
  private final Bodies bodies;
  private final DocumentBodies documents;
  private final DocumentRequests requests;
  private final ReadModels reads;

  /**
   * @param timeout how long a request waits for its document to be indexed
   */
  public DocumentIntake(
      Access access,
      Bodies bodies,
      RepositoryNames repositories,
      EventSink sink,
      Replies<DocumentEmbedding> replies,
      IndexedDocuments indexed,
      ReadModels reads,
      Duration timeout) {
    this.access = access;
    this.bodies = bodies;
    this.documents = new DocumentBodies(bodies.document(), repositories);
    this.requests = new DocumentRequests(sink, replies, indexed, timeout);
    this.reads = reads;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/knowledge/documents", this::index),
        Route.post("/functions/v1/updateKnowledge", this::index),
        Route.delete("/api/knowledge/documents", this::remove),
        Route.delete("/functions/v1/updateKnowledge", this::remove),
        Route.post("/api/knowledge/files", this::upload));
  }

  private Answer index(Call call) throws InterruptedException {
    String client = access.operator(call);
    JsonNode body = BodySchema.parse(bodies.bytes(call));
    return DocumentBodies.isOfLinks(body)
        ? requests.sendAll(call, client, documents.linked(body))
        : requests.send(call, client, documents.one(body));
  }

  private Answer upload(Call call) throws InterruptedException {
    String client = access.operator(call);
    return requests.send(call, client, Upload.of(call).change());
  }

  private Answer remove(Call call) throws InterruptedException {
    String client = access.operator(call);
    String uri =
        call.query("uri").orElseThrow(() -> ProblemException.invalid("uri", "is required"));
    if (reads.rows(INDEXED, Map.of("uri", uri)).isEmpty()) {
      throw ProblemException.notFound("the knowledge base has no document " + uri);
    }
    return requests.send(
        call,
        client,
        DocumentChange.newBuilder().setDocumentUri(uri).setChange(ChangeType.REMOVED));
  }
}
