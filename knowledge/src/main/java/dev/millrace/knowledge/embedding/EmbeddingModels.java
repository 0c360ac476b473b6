package dev.millrace.knowledge.embedding;

import com.openai.client.OpenAIClient;
import dev.millrace.knowledge.vector.VectorSpace;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.provider.OpenAiSettings;
import dev.millrace.runtime.usage.ModelCall;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Makes the embedding model that the configuration names. */
public final class EmbeddingModels {

  private static final String CURRENT = "EMBEDDING_MODEL";
  private static final String DIMENSIONS = "EMBEDDING_DIMENSIONS";
  private static final String NEXT = "EMBEDDING_NEXT_MODEL";
  private static final String NEXT_DIMENSIONS = "EMBEDDING_NEXT_DIMENSIONS";
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
    return from(environment, ModelCall.Listener.NONE);
  }

  /**
   * The same model.
   *
   * @param listener hears of calls that somebody is paid for
   */
  public static EmbeddingModel from(Environment environment, ModelCall.Listener listener) {
    return new Configured(environment, OPENAI_RETRIES, listener).model(CURRENT, DIMENSIONS);
  }

  /**
   * The same model, which says at once that it is limited: for callers who ask for less then, and
   * try again themselves.
   *
   * @throws ConfigurationException if a variable is wrong
   */
  public static EmbeddingModel withoutRetries(
      Environment environment, ModelCall.Listener listener) {
    return new Configured(environment, 0, listener).model(CURRENT, DIMENSIONS);
  }

  /**
   * The model of {@code EMBEDDING_NEXT_MODEL}, which is to replace the other; without retries.
   *
   * @throws ConfigurationException if a variable is wrong, or it is the same model
   */
  public static Optional<EmbeddingModel> next(
      Environment environment, ModelCall.Listener listener) {
    if (environment.optional(NEXT).isEmpty()) {
      return Optional.empty();
    }
    Configured configured = new Configured(environment, 0, listener);
    EmbeddingModel next = configured.model(NEXT, NEXT_DIMENSIONS);
    if (next.space().model().equals(configured.model(CURRENT, DIMENSIONS).space().model())) {
      throw new ConfigurationException(NEXT, "expected another model than " + CURRENT);
    }
    return Optional.of(next);
  }

  /**
   * Makes models out of variables.
   *
   * @param retries of a call that fails
   */
  private record Configured(Environment environment, int retries, ModelCall.Listener listener) {

    EmbeddingModel model(String variable, String dimensions) {
      String name = environment.string(variable, MiniLmEmbeddingModel.NAME);
      if (name.equals(MiniLmEmbeddingModel.NAME)) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new MiniLmEmbeddingModel(
            environment.integer("EMBEDDING_THREADS", Math.min(2, cores), 1, MAX_THREADS));
      }
      if (name.startsWith(OPENAI_PREFIX) && name.length() > OPENAI_PREFIX.length()) {
        return openAi(variable, name.substring(OPENAI_PREFIX.length()), dimensions);
      }
      throw new ConfigurationException(
          variable,
          "expected %s or openai:<model>, found '%s'".formatted(MiniLmEmbeddingModel.NAME, name));
    }

    private EmbeddingModel openAi(String variable, String model, String dimensionsVariable) {
      int dimensions =
          environment.integer(
              dimensionsVariable,
              OPENAI_DIMENSIONS.getOrDefault(model, 0),
              1,
              VectorSpace.MAX_DIMENSIONS);
      if (dimensions == 0) {
        throw new ConfigurationException(
            dimensionsVariable, "is required for the model '" + model + "' and not set");
      }
      int asked =
          dimensions == OPENAI_NATIVE_DIMENSIONS.getOrDefault(model, dimensions) ? 0 : dimensions;
      String name = OPENAI_PREFIX + model + (asked == 0 ? "" : "@" + asked);
      try {
        return new OpenAiEmbeddingModel(
            client(), model, new VectorSpace(name, dimensions), asked, listener);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(variable, String.valueOf(e.getMessage()));
      }
    }

    private OpenAIClient client() {
      return OpenAiSettings.from(environment)
          .client()
          .timeout(OPENAI_TIMEOUT)
          .maxRetries(retries)
          .build();
    }
  }
}
