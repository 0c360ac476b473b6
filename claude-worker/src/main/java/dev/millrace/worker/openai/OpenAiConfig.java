package dev.millrace.worker.openai;

import com.openai.models.ChatModel;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How OpenAI's API, or a server that speaks it, is reached.
 *
 * @param model id of the model
 * @param maxTokens tokens of an answer at most, those of its reasoning included
 * @param readTimeout longest silence within an answer
 */
public record OpenAiConfig(
    Secret apiKey, URI baseUrl, String model, int maxTokens, Duration readTimeout) {

  /** The model that is asked unless {@code OPENAI_MODEL} names another. */
  public static final String DEFAULT_MODEL = ChatModel.GPT_6_1_SOL.asString();

  static final String KEY = "OPENAI_API_KEY";
  static final String MODEL = "OPENAI_MODEL";
  static final String BASE_URL = "OPENAI_BASE_URL";
  static final String MAX_TOKENS = "OPENAI_MAX_TOKENS";

  private static final URI API = URI.create("https://api.openai.com/v1");
  private static final int DEFAULT_MAX_TOKENS = 16_000;
  private static final Duration DEFAULT_READ_TIMEOUT = Duration.ofMinutes(2);

  /** Reads the variables; empty when there is no key. */
  public static Optional<OpenAiConfig> from(Environment environment) {
    return environment
        .optional(KEY)
        .map(key ->
            new OpenAiConfig(
                new Secret(key),
                environment.uri(BASE_URL, API),
                environment.string(MODEL, DEFAULT_MODEL),
                environment.integer(MAX_TOKENS, DEFAULT_MAX_TOKENS, 1, 1_000_000),
                environment.duration("OPENAI_READ_TIMEOUT", DEFAULT_READ_TIMEOUT)));
  }
}
