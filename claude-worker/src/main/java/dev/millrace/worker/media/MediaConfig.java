package dev.millrace.worker.media;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which media services are used, and how often they are asked.
 *
 * @param kie who makes images; none without a key
 * @param midjourneyVersion version of Midjourney
 * @param fal who makes clips; none without a key
 * @param clipModel model of FAL that makes a clip from a picture
 * @param pollInterval how often generations that are under way are asked after
 * @param timeout how long one run waits for them; another goes on
 */
public record MediaConfig(
    Optional<Service> kie,
    String midjourneyVersion,
    Optional<Service> fal,
    String clipModel,
    Duration pollInterval,
    Duration timeout) {

  static final String KIE_KEY = "KIE_API_KEY";
  static final String FAL_KEY = "FAL_KEY";

  private static final String CLIP_MODEL = "FAL_CLIP_MODEL";
  private static final String POLL_INTERVAL = "MEDIA_POLL_INTERVAL";
  private static final String DEFAULT_CLIP_MODEL =
      "fal-ai/kling-video/v2.1/standard/image-to-video";
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+");

  /** How a service is reached. */
  public record Service(URI baseUrl, Secret key) {}

  /**
   * Reads the variables.
   *
   * @param runTimeout longest a run may take; a fifth of it is left for its end
   */
  public static MediaConfig from(Environment environment, Duration runTimeout) {
    String model = environment.string(CLIP_MODEL, DEFAULT_CLIP_MODEL);
    if (!MODEL.matcher(model).matches()) {
      throw new ConfigurationException(
          CLIP_MODEL,
          "expected a model such as %s, found '%s'".formatted(DEFAULT_CLIP_MODEL, model));
    }
    Duration poll = environment.duration(POLL_INTERVAL, Duration.ofSeconds(5));
    if (!poll.isPositive()) {
      throw new ConfigurationException(POLL_INTERVAL, "expected a duration above 0, found 0");
    }
    return new MediaConfig(
        service(environment, KIE_KEY, "KIE_BASE_URL", "https://api.kie.ai"),
        environment.string("KIE_MIDJOURNEY_VERSION", "7"),
        service(environment, FAL_KEY, "FAL_BASE_URL", "https://queue.fal.run"),
        model,
        poll,
        runTimeout.multipliedBy(4).dividedBy(5));
  }

  private static Optional<Service> service(
      Environment environment, String key, String url, String usual) {
    return environment
        .optional(key)
        .map(value -> new Service(environment.uri(url, URI.create(usual)), new Secret(value)));
  }

  /** Whether there is no service at all. */
  public boolean isOffline() {
    return kie.isEmpty() && fal.isEmpty();
  }
}
