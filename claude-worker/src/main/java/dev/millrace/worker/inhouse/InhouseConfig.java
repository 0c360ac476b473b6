package dev.millrace.worker.inhouse;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * Where the site's own agent is.
 *
 * @param apiKey key it wants, if it wants one
 */
public record InhouseConfig(URI url, Optional<Secret> apiKey) {

  static final String URL = "JAVARI_AGENT_URL";
  static final String KEY = "JAVARI_INTERNAL_API_KEY";

  /** Reads the variables; empty when there is no address. */
  public static Optional<InhouseConfig> from(Environment environment) {
    return environment
        .uri(URL)
        .map(url -> {
          if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new ConfigurationException(
                URL, "expected an http or https address, found '" + url + "'");
          }
          return new InhouseConfig(url, environment.optional(KEY).map(Secret::new));
        });
  }
}
