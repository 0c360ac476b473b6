package dev.millrace.knowledge.embedding;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.millrace.knowledge.vector.VectorSpace;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Makes the embedding model that the configuration names. */
public final class EmbeddingModels {

  private static final String OPENAI_PREFIX = "openai:";
  private static final Duration OPENAI_TIMEOUT = Duration.ofSeconds(60);
  private static final int OPENAI_RETRIES = 2;
  private static final int MAX_THREADS = 64;

  /** Length of the vectors of OpenAI's models, unless it is configured. */
  private static final Map<String, Integer> OPENAI_DIMENSIONS =
      Map.of(
          "text-embedding-ada-002", 1_536,
          "text-embedding-3-small", 1_536,
          "text-embedding-3-large", 1_536);

  /** What OpenAI's models answer when they are not asked for a length. */
  private static final Map<String, Integer> OPENAI_NATIVE_DIMENSIONS =
      Map.of(
          "text-embedding-ada-002", 1_536,
          "text-embedding-3-small", 1_536,
          "text-embedding-3-large", 3_072);

  private EmbeddingModels() {}

  /**
   * The model of {@code EMBEDDING_MODEL}: {@code all-minilm-l6-v2}, which runs in this process, or
   * {@code openai:} and the name of a model of OpenAI or of a compatible server at {@code
   * OPENAI_BASE_URL}. Nothing is loaded or connected before the first text is embedded.
   *
   * @throws ConfigurationException if a variable is wrong
   */
  public static EmbeddingModel from(Environment environment) {
    return from(environment, OPENAI_RETRIES);
  }

  /**
   * The same model, which says at once that it is limited: for callers who ask for less then, and
   * try again themselves.
   *
   * @throws ConfigurationException if a variable is wrong
   */
  public static EmbeddingModel withoutRetries(Environment environment) {
    return from(environment, 0);
  }

  private static EmbeddingModel from(Environment environment, int retries) {
    String name = environment.string("EMBEDDING_MODEL", MiniLmEmbeddingModel.NAME);
    if (name.equals(MiniLmEmbeddingModel.NAME)) {
      int cores = Runtime.getRuntime().availableProcessors();
      return new MiniLmEmbeddingModel(
          environment.integer("EMBEDDING_THREADS", Math.min(2, cores), 1, MAX_THREADS));
    }
    if (name.startsWith(OPENAI_PREFIX) && name.length() > OPENAI_PREFIX.length()) {
      return openAi(environment, name.substring(OPENAI_PREFIX.length()), retries);
    }
    throw new ConfigurationException(
        "EMBEDDING_MODEL",
        "expected %s or openai:<model>, found '%s'".formatted(MiniLmEmbeddingModel.NAME, name));
  }

  private static EmbeddingModel openAi(Environment environment, String model, int retries) {
    int dimensions =
        environment.integer(
            "EMBEDDING_DIMENSIONS",
            OPENAI_DIMENSIONS.getOrDefault(model, 0),
            1,
            VectorSpace.MAX_DIMENSIONS);
    if (dimensions == 0) {
      throw new ConfigurationException(
          "EMBEDDING_DIMENSIONS", "is required for the model '" + model + "' and not set");
    }
    int asked =
        dimensions == OPENAI_NATIVE_DIMENSIONS.getOrDefault(model, dimensions) ? 0 : dimensions;
    Optional<String> baseUrl = environment.optional("OPENAI_BASE_URL");
    OpenAIOkHttpClient.Builder client =
        OpenAIOkHttpClient.builder()
            .apiKey(apiKey(environment, baseUrl.isPresent()))
            .timeout(OPENAI_TIMEOUT)
            .maxRetries(retries);
    baseUrl.ifPresent(client::baseUrl);
    String name = OPENAI_PREFIX + model + (asked == 0 ? "" : "@" + asked);
    try {
      return new OpenAiEmbeddingModel(
          client.build(), model, new VectorSpace(name, dimensions), asked);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("EMBEDDING_MODEL", String.valueOf(e.getMessage()));
    }
  }

  /** A compatible server of one's own may need no key; the client wants one all the same. */
  private static String apiKey(Environment environment, boolean ownServer) {
    return environment
        .optional("OPENAI_API_KEY")
        .or(() -> ownServer ? Optional.of("none") : Optional.empty())
        .orElseThrow(() ->
            new ConfigurationException(
                "OPENAI_API_KEY", "is required for the EMBEDDING_MODEL openai:..."));
  }
}
