package dev.millrace.audit;

import dev.millrace.audit.partition.Retention;
import dev.millrace.audit.redact.Redactor;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What can be set for the audit sink.
 *
 * @param furtherTopics topics besides those of the catalogue that are mirrored too
 * @param batchRows rows of one transaction at most
 * @param batchBytes keys and values of one transaction at most, in bytes; one record may be more
 * @param consumers threads that mirror, each with its own partitions
 * @param partitionDaysAhead days for which partitions of the mirror are made ahead
 * @param retryBackoff longest wait between two tries while Postgres or the registry is away
 * @param directory where the sink keeps files: replays, checkpoints and the key that signs them
 * @param checkpointInterval shortest time between two checkpoints
 * @param redactions by topic, JSON paths of what is blanked before it is stored
 * @param retention how long records stay in the mirror before they are archived
 * @param archiveDirectory where archives are kept
 * @param retentionInterval time between two looks at what has expired
 */
public record AuditConfig(
    Optional<Pattern> furtherTopics,
    int batchRows,
    int batchBytes,
    int consumers,
    int partitionDaysAhead,
    Duration retryBackoff,
    Path directory,
    Duration checkpointInterval,
    Map<String, String> redactions,
    Retention retention,
    Path archiveDirectory,
    Duration retentionInterval) {

  private static final int DEFAULT_BATCH_ROWS = 5_000;
  private static final long DEFAULT_BATCH_BYTES = 8L << 20;
  private static final long MIN_BATCH_BYTES = 64L << 10;
  private static final long MAX_BATCH_BYTES = 64L << 20;
  private static final int DEFAULT_DAYS_AHEAD = 7;
  private static final String DEFAULT_DIRECTORY = "audit";
  private static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(30);
  private static final String ARCHIVES = "archive";
  private static final Duration DEFAULT_RETENTION_INTERVAL = Duration.ofHours(1);
  private static final Duration DEFAULT_RETRY_BACKOFF = Duration.ofSeconds(5);

  /**
   * Reads the configuration.
   *
   * @throws ConfigurationException if a variable is wrong
   */
  public static AuditConfig from(Environment environment) {
    Path directory = Path.of(environment.optional("AUDIT_DIRECTORY").orElse(DEFAULT_DIRECTORY));
    return new AuditConfig(
        environment.optional("AUDIT_TOPICS").map(AuditConfig::pattern),
        environment.integer("AUDIT_BATCH_ROWS", DEFAULT_BATCH_ROWS, 1, 100_000),
        batchBytes(environment),
        environment.integer("AUDIT_CONSUMERS", 1, 1, 16),
        environment.integer("AUDIT_PARTITION_DAYS_AHEAD", DEFAULT_DAYS_AHEAD, 1, 60),
        environment.duration("AUDIT_RETRY_BACKOFF", DEFAULT_RETRY_BACKOFF),
        directory,
        environment.duration("AUDIT_CHECKPOINT_INTERVAL", DEFAULT_CHECKPOINT_INTERVAL),
        redactions(environment),
        retention(environment),
        environment
            .optional("AUDIT_ARCHIVE_DIRECTORY")
            .map(Path::of)
            .orElse(directory.resolve(ARCHIVES)),
        environment.duration("AUDIT_RETENTION_INTERVAL", DEFAULT_RETENTION_INTERVAL));
  }

  private static Retention retention(Environment environment) {
    Map<String, Duration> byTopic = new TreeMap<>();
    environment
        .pairs("AUDIT_RETENTIONS", Map.of())
        .forEach((topic, days) -> byTopic.put(topic, days("AUDIT_RETENTIONS", days)));
    return new Retention(
        environment.optional("AUDIT_RETENTION").map(days -> days("AUDIT_RETENTION", days)),
        byTopic);
  }

  private static Duration days(String variable, String text) {
    try {
      return Retention.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(variable, String.valueOf(e.getMessage()));
    }
  }

  private static Pattern pattern(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new ConfigurationException(
          "AUDIT_TOPICS", "expected a regular expression, found '" + text + "': " + e.getMessage());
    }
  }

  private static Map<String, String> redactions(Environment environment) {
    Map<String, String> redactions = environment.pairs("AUDIT_REDACTIONS", Map.of());
    try {
      Redactor _ =
          new Redactor(
              id -> {
                throw new IllegalStateException("no schema is asked for");
              },
              redactions);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("AUDIT_REDACTIONS", String.valueOf(e.getMessage()));
    }
    return redactions;
  }

  private static int batchBytes(Environment environment) {
    long bytes = environment.bytes("AUDIT_BATCH_BYTES", DEFAULT_BATCH_BYTES);
    if (bytes < MIN_BATCH_BYTES || bytes > MAX_BATCH_BYTES) {
      throw new ConfigurationException(
          "AUDIT_BATCH_BYTES", "expected from 64KB to 64MB, found " + bytes + " bytes");
    }
    return Math.toIntExact(bytes);
  }
}
