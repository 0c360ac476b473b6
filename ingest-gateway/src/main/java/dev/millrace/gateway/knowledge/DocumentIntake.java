package dev.millrace.gateway.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodySchema;
import dev.millrace.gateway.openapi.OpenApiDocument;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.document.IndexingStatus;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.json.AvroJsonWriter;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes documents to index or to remove, and tells what became of them. */
public final class DocumentIntake {

  /** What of a title has no place in a URI. */
  private static final Pattern LEFT_OUT = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

  /** A title of words with blanks between them. */
  private static final Pattern WORDS =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(\\s+[\\p{L}\\p{M}\\p{N}]+)*");

  private static final int DIGEST_LENGTH = 8;

  private static final String STATUS_PATH = "/api/knowledge/documents/";

  /** Type of the events of documents on their way; a status follows where one arrived. */
  private static final String CHANGED = "document_changed";

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
       ORDER BY (event_type = 'document_changed'), id DESC
       LIMIT 1
      """;

  private static final String INDEXED =
      "SELECT 1 AS there FROM public.embeddings WHERE source = :uri LIMIT 1";

  private final Access access;
  private final BodySchema repositoryFile;
  private final BodySchema repositoryFolder;
  private final BodySchema postedText;
  private final BodySchema links;
  private final EventSink sink;
  private final Replies<DocumentEmbedding> replies;
  private final IndexedDocuments documents;
  private final ReadModels reads;
  private final Duration patience;
  private final long maxBodyBytes;

  /**
   * @param patience how long a request waits for its document to be indexed
   */
  public DocumentIntake(
      Access access,
      OpenApiDocument document,
      EventSink sink,
      Replies<DocumentEmbedding> replies,
      IndexedDocuments documents,
      ReadModels reads,
      Duration patience,
      long maxBodyBytes) {
    this.access = access;
    this.repositoryFile = new BodySchema(document, "RepositoryDocument");
    this.repositoryFolder = new BodySchema(document, "RepositoryFolder");
    this.postedText = new BodySchema(document, "PostedDocument");
    this.links = new BodySchema(document, "LinkedDocuments");
    this.sink = sink;
    this.replies = replies;
    this.documents = documents;
    this.reads = reads;
    this.patience = patience;
    this.maxBodyBytes = maxBodyBytes;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/knowledge/documents", this::index),
        Route.post("/functions/v1/updateKnowledge", this::index),
        Route.delete("/api/knowledge/documents", this::remove),
        Route.delete("/functions/v1/updateKnowledge", this::remove),
        Route.post("/api/knowledge/files", this::upload),
        Route.get("/api/knowledge/documents/{requestId}", this::status));
  }

  private Answer index(Call call) throws InterruptedException {
    String client = access.operator(call);
    JsonNode node = BodySchema.parse(call.jsonBody(maxBodyBytes));
    if (node.has("urls")) {
      return link(call, client, links.check(node));
    }
    return send(call, client, change(node));
  }

  private DocumentChange.Builder change(JsonNode node) {
    if (node.has("content")) {
      return posted(postedText.check(node));
    }
    return node.has("folder")
        ? folder(repositoryFolder.check(node))
        : file(repositoryFile.check(node));
  }

  private Answer upload(Call call) throws InterruptedException {
    String client = access.operator(call);
    return send(call, client, Upload.of(call).change());
  }

  private Answer remove(Call call) throws InterruptedException {
    String client = access.operator(call);
    String uri =
        call.query("uri").orElseThrow(() -> ProblemException.invalid("uri", "is required"));
    if (reads.rows(INDEXED, Map.of("uri", uri)).isEmpty()) {
      throw ProblemException.notFound("the knowledge base has no document " + uri);
    }
    return send(
        call,
        client,
        DocumentChange.newBuilder().setDocumentUri(uri).setChange(ChangeType.REMOVED));
  }

  /** Each address is a document of its own with a status of its own; none is waited for. */
  private Answer link(Call call, String client, Body body) throws InterruptedException {
    ObjectNode answer = Json.object().put("success", true).put("status", "pending");
    ArrayNode requests = answer.putArray("requests");
    for (JsonNode url : body.node().required("urls")) {
      EventContext context = call.event(EventId.random());
      String requestId = context.id().value();
      DocumentChange value =
          complete(
              DocumentChange.newBuilder()
                  .setDocumentUri(url.stringValue())
                  .setCategory(body.textOrNull("category")),
              client,
              context);
      documents.sent(requestId);
      Acknowledgement.await(
          sink.publish(Topics.DOCUMENT_CHANGES, value.getDocumentUri(), value, context));
      requests
          .addObject()
          .put("url", url.stringValue())
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

  private Answer send(Call call, String client, DocumentChange.Builder change)
      throws InterruptedException {
    EventContext context = call.event(EventId.random());
    String requestId = context.id().value();
    DocumentChange value = complete(change, client, context);
    call.log("request_id", requestId);
    try (Replies<DocumentEmbedding>.Pending reply = replies.expect(requestId)) {
      Acknowledgement.await(
          sink.publish(Topics.DOCUMENT_CHANGES, value.getDocumentUri(), value, context));
      documents.sent(requestId);
      Optional<DocumentEmbedding> result = reply.await(patience);
      return result.isPresent() ? indexed(result.get()) : accepted(requestId);
    }
  }

  private static DocumentChange.Builder file(Body body) {
    String repository = body.text("repository");
    String path = body.text("filePath");
    return DocumentChange.newBuilder()
        .setDocumentUri("github://" + repository + '/' + path)
        .setRepository(repository)
        .setFilePath(path)
        .setBranch(body.textOrNull("branch"))
        .setCategory(body.textOrNull("category"));
  }

  private static DocumentChange.Builder folder(Body body) {
    String repository = body.text("repository");
    String path = body.text("folder");
    String folder = path.endsWith("/") ? path : path + '/';
    return DocumentChange.newBuilder()
        .setDocumentUri("github://" + repository + '/' + (folder.equals("/") ? "" : folder))
        .setRepository(repository)
        .setFilePath(folder)
        .setBranch(body.textOrNull("branch"))
        .setCategory(body.textOrNull("category"));
  }

  private static DocumentChange.Builder posted(Body body) {
    Optional<String> title = body.optionalText("title");
    String uri =
        body.optionalText("uri")
            .or(() -> title.map(text -> "document://" + slug(text)))
            .orElseThrow(() -> ProblemException.invalid("/uri", "is required without a title"));
    return DocumentChange.newBuilder()
        .setDocumentUri(uri)
        .setContent(body.text("content"))
        .setContentType(body.textOrNull("contentType"))
        .setTitle(title.orElse(null))
        .setCategory(body.textOrNull("category"));
  }

  /**
   * A title as part of a URI. Where that leaves anything of it out, a digest of the title follows:
   * other titles are other documents, also {@code C++} and {@code C#}.
   */
  private static String slug(String title) {
    String text = Normalizer.normalize(title.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    String slug = LEFT_OUT.matcher(text).replaceAll("-").replaceAll("^-|-$", "");
    if (slug.isEmpty()) {
      throw ProblemException.invalid("/title", "expected a letter or a digit in it");
    }
    return WORDS.matcher(text).matches() ? slug : slug + '-' + digest(text);
  }

  private static String digest(String text) {
    return IdempotencyKey.digest(text.getBytes(UTF_8)).substring(0, DIGEST_LENGTH);
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

  private Answer status(Call call) {
    access.operator(call);
    String requestId = call.parameter("requestId");
    Optional<DocumentEmbedding> result = documents.result(requestId);
    if (result.isPresent()) {
      return Answer.ok(view(requestId, Json.read(AvroJsonWriter.write(result.get()))));
    }
    List<ObjectNode> past = reads.rows(FIND, Map.of("request", requestId));
    Optional<ObjectNode> mirrored = past.stream().findFirst().flatMap(DocumentIntake::result);
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
