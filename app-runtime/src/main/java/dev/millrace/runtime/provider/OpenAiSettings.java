package dev.millrace.runtime.provider;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.Timeout;
import com.openai.models.ChatModel;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.time.Duration;

/**
 * How OpenAI's API, or a server that speaks it, is reached. A server of a site's own may need no
 * key.
 *
 * @param model id of the model that is asked unless another is named
 */
public record OpenAiSettings(Secret apiKey, URI baseUrl, String model) {

  public static final String KEY = "OPENAI_API_KEY";
  public static final String BASE_URL = "OPENAI_BASE_URL";
  public static final String MODEL = "OPENAI_MODEL";

  /** The model unless {@code OPENAI_MODEL} names another. */
  public static final String DEFAULT_MODEL = ChatModel.GPT_6_1_SOL.asString();

  private static final URI API = URI.create("https://api.openai.com/v1");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** The client wants one also where the server wants none. */
  private static final String NO_KEY = "none";

  /**
   * Whether there is a key: where no provider is named, it is asked if there is one. A server that
   * needs none is asked where it is named, because it may be there for something else.
   */
  public static boolean hasKey(Environment environment) {
    return environment.optional(KEY).isPresent();
  }

  /**
   * Reads the variables.
   *
   * @throws ConfigurationException if there is no key, and no server of the site's own
   */
  public static OpenAiSettings from(Environment environment) {
    URI baseUrl = environment.uri(BASE_URL, API);
    if (!hasKey(environment) && baseUrl.equals(API)) {
      throw new ConfigurationException(
          KEY, "is required and not set; a server at " + BASE_URL + " may need none");
    }
    return new OpenAiSettings(
        new Secret(environment.string(KEY, NO_KEY)),
        baseUrl,
        environment.string(MODEL, DEFAULT_MODEL));
  }

  /**
   * A client, to be built. It does not try again by itself: each call is one call that is paid for,
   * and whoever asks knows how long it is worth to wait.
   */
  public OpenAIOkHttpClient.Builder client() {
    return OpenAIOkHttpClient.builder()
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
  public OpenAIOkHttpClient.Builder streamingClient(Duration silence, Duration atMost) {
    return client()
        .timeout(Timeout.builder().connect(CONNECT_TIMEOUT).read(silence).request(atMost).build());
  }
}
