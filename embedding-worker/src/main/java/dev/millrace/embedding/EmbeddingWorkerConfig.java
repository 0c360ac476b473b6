package dev.millrace.embedding;

import dev.millrace.embedding.announce.JavariEndpoint;
import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.push.DocumentPaths;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How documents are indexed.
 *
 * @param slots documents in work at once
 * @param limits how long chunks are
 * @param maxDocumentBytes size of a document at most
 * @param patience how long one step of the work waits for something that is away
 * @param fetchPatience how long fetching a document waits for a source that does not answer
 * @param parserProcesses documents at once that are read in a process of their own
 * @param parserMemory memory of such a process, in bytes
 * @param parserTimeout after which it is ended
 * @param paths which files of a push are documents
 * @param privateAddresses whether documents are read from addresses of private networks
 * @param javari where {@code blueprint_updated} is posted
 */
record EmbeddingWorkerConfig(
    int slots,
    ChunkLimits limits,
    long maxDocumentBytes,
    Duration patience,
    Duration fetchPatience,
    int parserProcesses,
    long parserMemory,
    Duration parserTimeout,
    DocumentPaths paths,
    boolean privateAddresses,
    Optional<JavariEndpoint> javari) {

  private static final int DEFAULT_SLOTS = 4;
  private static final int MAX_SLOTS = 64;
  private static final int DEFAULT_CHUNK_TOKENS = 200;
  private static final int DEFAULT_OVERLAP_TOKENS = 30;
  private static final long DEFAULT_MAX_DOCUMENT_BYTES = 10 << 20;
  private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(15);
  private static final Duration DEFAULT_FETCH_PATIENCE = Duration.ofSeconds(30);
  private static final int DEFAULT_PARSER_PROCESSES = 2;
  private static final long DEFAULT_PARSER_MEMORY = 384L << 20;
  private static final Duration DEFAULT_PARSER_TIMEOUT = Duration.ofSeconds(60);
  private static final List<String> DEFAULT_PATHS = List.of("**/*.md", "**/*.txt", "docs/**");

  /** What the model reads beside the chunk: where it stands, and the marks around a text. */
  private static final int CONTEXT_TOKENS = 56;

  /**
   * @param maxTokens tokens that the embedding model reads
   */
  static EmbeddingWorkerConfig from(Environment environment, int maxTokens) {
    return new EmbeddingWorkerConfig(
        environment.integer("EMBEDDING_SLOTS", DEFAULT_SLOTS, 1, MAX_SLOTS),
        limits(environment, maxTokens),
        environment.bytes("MAX_DOCUMENT_SIZE", DEFAULT_MAX_DOCUMENT_BYTES),
        environment.duration("EMBEDDING_PATIENCE", DEFAULT_PATIENCE),
        environment.duration("DOCUMENT_FETCH_PATIENCE", DEFAULT_FETCH_PATIENCE),
        environment.integer("PARSER_PROCESSES", DEFAULT_PARSER_PROCESSES, 1, MAX_SLOTS),
        environment.bytes("PARSER_MEMORY", DEFAULT_PARSER_MEMORY),
        environment.duration("PARSER_TIMEOUT", DEFAULT_PARSER_TIMEOUT),
        paths(environment),
        environment.bool("DOCUMENT_URL_PRIVATE", false),
        environment.uri("JAVARI_EVENTS_URL").map(uri -> javari(environment, uri)));
  }

  private static ChunkLimits limits(Environment environment, int maxTokens) {
    int tokens =
        environment.integer(
            "CHUNK_TOKENS",
            DEFAULT_CHUNK_TOKENS,
            ChunkLimits.MIN_TOKENS,
            maxTokens - CONTEXT_TOKENS);
    return new ChunkLimits(
        tokens,
        environment.integer(
            "CHUNK_OVERLAP_TOKENS", Math.min(DEFAULT_OVERLAP_TOKENS, tokens / 2), 0, tokens / 2));
  }

  private static DocumentPaths paths(Environment environment) {
    Map<String, String> categories = environment.pairs("DOCUMENT_CATEGORIES", Map.of());
    try {
      return new DocumentPaths(
          environment.list("DOCUMENT_PATHS", DEFAULT_PATHS),
          environment.list("DOCUMENT_BRANCHES", List.of()),
          categories);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "DOCUMENT_PATHS, DOCUMENT_BRANCHES, DOCUMENT_CATEGORIES",
          "expected patterns such as docs/**: " + e.getMessage());
    }
  }

  private static JavariEndpoint javari(Environment environment, URI uri) {
    String scheme = uri.getScheme();
    if (!"http".equals(scheme) && !"https".equals(scheme)) {
      throw new ConfigurationException(
          "JAVARI_EVENTS_URL", "expected an http or https address, found '" + uri + "'");
    }
    return new JavariEndpoint(
        uri, environment.optional("JAVARI_INTERNAL_API_KEY").map(Secret::new));
  }
}
