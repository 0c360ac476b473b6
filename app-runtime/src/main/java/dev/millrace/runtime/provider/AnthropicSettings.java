package dev.millrace.runtime.provider;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.Timeout;
import com.anthropic.models.messages.Model;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.time.Duration;

/**
 * How Anthropic's API is reached.
 *
 * @param model id of the model that is asked unless another is named
 */
public record AnthropicSettings(Secret apiKey, URI baseUrl, String model) {

  public static final String KEY = "ANTHROPIC_API_KEY";
  public static final String BASE_URL = "ANTHROPIC_BASE_URL";
  public static final String MODEL = "ANTHROPIC_MODEL";

  /** The model unless {@code ANTHROPIC_MODEL} names another. */
  public static final String DEFAULT_MODEL = Model.CLAUDE_SONNET_5_5.asString();

  private static final URI API = URI.create("https://api.anthropic.com");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Whether there is a key: where no provider is named, it is asked if there is one. */
  public static boolean hasKey(Environment environment) {
    return environment.optional(KEY).isPresent();
  }

  /**
   * Reads the variables.
   *
   * @throws ConfigurationException if there is no key
   */
  public static AnthropicSettings from(Environment environment) {
    return new AnthropicSettings(
        new Secret(environment.required(KEY)),
        environment.uri(BASE_URL, API),
        environment.string(MODEL, DEFAULT_MODEL));
  }

  /**
   * A client, to be built. It does not try again by itself: each call is one call that is paid for,
   * and whoever asks knows how long it is worth to wait.
   */
  public AnthropicOkHttpClient.Builder client() {
    return AnthropicOkHttpClient.builder()
        .apiKey(apiKey.reveal())
        .baseUrl(baseUrl.toString())
        .maxRetries(0);
  }

  /**
   * A client for answers that come bit by bit, to be built.
   *
   * @param silence longest time between two bits
   * @param atMost how long an answer may take
   */
  public AnthropicOkHttpClient.Builder streamingClient(Duration silence, Duration atMost) {
    return client()
        .timeout(Timeout.builder().connect(CONNECT_TIMEOUT).read(silence).request(atMost).build());
  }
}
