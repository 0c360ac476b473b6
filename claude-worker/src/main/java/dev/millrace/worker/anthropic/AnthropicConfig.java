package dev.millrace.worker.anthropic;

import com.anthropic.models.messages.Model;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How Anthropic's API is reached.
 *
 * @param model id of the model
 * @param maxTokens tokens of an answer at most
 * @param readTimeout longest silence within an answer
 */
public record AnthropicConfig(
    Secret apiKey, URI baseUrl, String model, int maxTokens, Duration readTimeout) {

  /** The model that is asked unless {@code ANTHROPIC_MODEL} names another. */
  public static final String DEFAULT_MODEL = Model.CLAUDE_SONNET_5_5.asString();

  static final String KEY = "ANTHROPIC_API_KEY";
  static final String MODEL = "ANTHROPIC_MODEL";
  static final String BASE_URL = "ANTHROPIC_BASE_URL";
  static final String MAX_TOKENS = "ANTHROPIC_MAX_TOKENS";

  private static final URI API = URI.create("https://api.anthropic.com");
  private static final int DEFAULT_MAX_TOKENS = 16_000;
  private static final Duration DEFAULT_READ_TIMEOUT = Duration.ofMinutes(2);

  /** Reads the variables; empty when there is no key. */
  public static Optional<AnthropicConfig> from(Environment environment) {
    return environment
        .optional(KEY)
        .map(key ->
            new AnthropicConfig(
                new Secret(key),
                environment.uri(BASE_URL, API),
                environment.string(MODEL, DEFAULT_MODEL),
                environment.integer(MAX_TOKENS, DEFAULT_MAX_TOKENS, 1, 1_000_000),
                environment.duration("ANTHROPIC_READ_TIMEOUT", DEFAULT_READ_TIMEOUT)));
  }
}
