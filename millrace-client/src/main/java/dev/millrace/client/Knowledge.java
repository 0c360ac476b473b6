package dev.millrace.client;

import static dev.millrace.client.Paths.encode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The knowledge base: search it, ask it, put documents in. */
public final class Knowledge {

  private final Transport transport;

  Knowledge(Transport transport) {
    this.transport = transport;
  }

  /** Which part of the knowledge base; null for all. */
  public record Filter(
      @Nullable String category, @Nullable String repository, @Nullable String source) {

    public static final Filter ALL = new Filter(null, null, null);
  }

  /** A passage that fits. */
  public record Hit(
      String source,
      @Nullable String title,
      @Nullable String category,
      @Nullable String repository,
      String content,
      List<String> headingPath,
      int chunkIndex,
      @Nullable Integer startLine,
      @Nullable Integer endLine,
      @Nullable String commitSha,
      boolean stale,
      double score,
      @Nullable Double similarity) {}

  public record Found(String query, String mode, int count, List<Hit> results) {}

  /**
   * An answer.
   *
   * @param answered whether there is one
   * @param reason why there is none
   */
  public record Answer(
      String question,
      String mode,
      boolean answered,
      @Nullable String answer,
      @Nullable String reason,
      List<JsonNode> citations) {}

  /**
   * A document on its way into the knowledge base. One that takes long has a request id and the
   * status {@code pending}.
   */
  public record Indexed(
      @Nullable Boolean success,
      @Nullable Integer chunksProcessed,
      @Nullable Integer embeddingsCreated,
      @Nullable String requestId,
      @Nullable String status) {}

  /**
   * Searches.
   *
   * @param hits how many, at most
   * @param mode vector, text or hybrid
   */
  public Found search(String question, int hits, String mode, Filter filter) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("q", question);
    query.put("k", hits);
    query.put("mode", mode);
    query.put("category", filter.category());
    query.put("repository", filter.repository());
    query.put("source", filter.source());
    return transport.get(Transport.path("/api/knowledge/search", query), Found.class);
  }

  public Answer ask(String question) {
    return transport.post("/api/knowledge/ask", Map.of("question", question), Answer.class);
  }

  /** Puts a text in. */
  public Indexed addText(String title, String content, @Nullable String category) {
    Map<String, Object> body = new HashMap<>();
    body.put("title", title);
    body.put("content", content);
    if (category != null) {
      body.put("category", category);
    }
    return transport.post("/api/knowledge/documents", body, Indexed.class);
  }

  /** Puts a file of a repository in. */
  public Indexed addFile(
      String repository, String filePath, @Nullable String branch, @Nullable String category) {
    Map<String, Object> body = new HashMap<>();
    body.put("repository", repository);
    body.put("filePath", filePath);
    if (branch != null) {
      body.put("branch", branch);
    }
    if (category != null) {
      body.put("category", category);
    }
    return transport.post("/api/knowledge/documents", body, Indexed.class);
  }

  /** Uploads a file, such as a PDF. */
  public Indexed upload(String name, byte[] content, @Nullable String category) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("name", name);
    query.put("category", category);
    return transport.upload(Transport.path("/api/knowledge/files", query), content, Indexed.class);
  }

  /** What became of a document that took long. */
  public Indexed document(String requestId) {
    return transport.get("/api/knowledge/documents/" + encode(requestId), Indexed.class);
  }
}
