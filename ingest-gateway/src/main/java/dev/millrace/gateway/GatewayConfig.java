package dev.millrace.gateway;

import dev.millrace.gateway.auth.AuthConfig;
import dev.millrace.gateway.http.ServerConfig;
import dev.millrace.gateway.learning.LearningConfig;
import dev.millrace.gateway.limit.RateLimitConfig;
import dev.millrace.gateway.stream.StreamConfig;
import dev.millrace.gateway.webhook.WebhookConfig;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.routing.WorkflowTasks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of the gateway.
 *
 * @param server how it listens
 * @param auth secrets of callers
 * @param limits how often clients may ask
 * @param webhook how webhook deliveries are taken
 * @param learning how long learners wait
 * @param stream limits of the live stream
 * @param learnerStreams limits of the streams of learners
 * @param workflow which tasks wait in no queue
 * @param maxBodyBytes largest body, webhook deliveries aside
 * @param publishTimeout how long a request waits for Kafka to acknowledge its event
 * @param registryPatience how long a first write of a kind waits for a schema registry that is away
 * @param documentTimeout how long a request waits for its document to be indexed
 * @param recordTimeout how long a request waits for what a user wants kept
 * @param taskTimeout how long a request waits for the task that it had processed
 * @param maxReceipts receipts in memory at most
 * @param githubOwner owner of repositories that are named without one
 */
public record GatewayConfig(
    ServerConfig server,
    AuthConfig auth,
    RateLimitConfig limits,
    WebhookConfig webhook,
    LearningConfig learning,
    StreamConfig stream,
    StreamConfig learnerStreams,
    WorkflowTasks workflow,
    long maxBodyBytes,
    Duration publishTimeout,
    Duration registryPatience,
    Duration documentTimeout,
    Duration recordTimeout,
    Duration taskTimeout,
    int maxReceipts,
    @Nullable String githubOwner) {

  private static final long DEFAULT_MAX_BODY_BYTES = 1L << 20;
  private static final Duration DEFAULT_PUBLISH_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration DEFAULT_REGISTRY_PATIENCE = Duration.ofSeconds(3);
  private static final Duration DEFAULT_DOCUMENT_TIMEOUT = Duration.ofSeconds(25);
  private static final Duration DEFAULT_RECORD_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DEFAULT_TASK_TIMEOUT = Duration.ofSeconds(25);
  private static final int DEFAULT_MAX_RECEIPTS = 1_000_000;

  /** Reads it. */
  public static GatewayConfig from(Environment environment) {
    return new GatewayConfig(
        ServerConfig.from(environment),
        AuthConfig.from(environment),
        RateLimitConfig.from(environment),
        WebhookConfig.from(environment),
        LearningConfig.from(environment),
        StreamConfig.from(environment),
        StreamConfig.ofLearners(environment),
        WorkflowTasks.from(environment),
        environment.bytes("GATEWAY_MAX_BODY", DEFAULT_MAX_BODY_BYTES),
        environment.duration("GATEWAY_PUBLISH_TIMEOUT", DEFAULT_PUBLISH_TIMEOUT),
        environment.duration("GATEWAY_REGISTRY_PATIENCE", DEFAULT_REGISTRY_PATIENCE),
        environment.duration("GATEWAY_DOCUMENT_TIMEOUT", DEFAULT_DOCUMENT_TIMEOUT),
        environment.duration("GATEWAY_RECORD_TIMEOUT", DEFAULT_RECORD_TIMEOUT),
        environment.duration("GATEWAY_TASK_TIMEOUT", DEFAULT_TASK_TIMEOUT),
        environment.integer("GATEWAY_MAX_RECEIPTS", DEFAULT_MAX_RECEIPTS, 1_000, 100_000_000),
        environment.optional("GITHUB_OWNER").orElse(null));
  }
}
