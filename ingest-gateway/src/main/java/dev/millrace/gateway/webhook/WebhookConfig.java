package dev.millrace.gateway.webhook;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.util.List;
import java.util.stream.Stream;

/**
 * How webhook deliveries are taken.
 *
 * @param secrets secrets that are valid at once: the present one, and during a rotation the
 *     previous
 * @param maxBodyBytes largest delivery
 */
public record WebhookConfig(List<Secret> secrets, long maxBodyBytes) {

  /** GitHub sends no larger delivery. */
  private static final long DEFAULT_MAX_BODY_BYTES = 25L << 20;

  public WebhookConfig {
    secrets = List.copyOf(secrets);
  }

  public static WebhookConfig from(Environment environment) {
    return new WebhookConfig(
        Stream.concat(
                Stream.of(environment.required("GITHUB_WEBHOOK_SECRET")),
                environment.optional("GITHUB_WEBHOOK_SECRET_PREVIOUS").stream())
            .map(Secret::new)
            .toList(),
        environment.bytes("GATEWAY_WEBHOOK_MAX_BODY", DEFAULT_MAX_BODY_BYTES));
  }
}
