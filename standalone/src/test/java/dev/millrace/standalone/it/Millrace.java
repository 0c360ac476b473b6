package dev.millrace.standalone.it;

import dev.millrace.fixture.ScratchGit;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.serde.EventSerdes;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.logs.Logs;
import dev.millrace.standalone.pipeline.Pipeline;
import dev.millrace.standalone.pipeline.PipelineOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jdbi.v3.core.Jdbi;

/** The one pipeline of all integration tests, with what they drive it and look at it with. */
public final class Millrace implements AutoCloseable {

  /** A repository with a README and a folder of documents, mapped to a checkout on disk. */
  static final String DOCUMENTS_REPOSITORY = "it/documents";

  /** A bare repository that agents commit to. */
  static final String RESULTS_REPOSITORY = "it/results";

  private final Path folder;
  private final DataDirectory data;
  private final WatchedService watched;
  private final WatchedService metered;
  private final Pipeline pipeline;
  private final KafkaClients kafka;
  private final Jdbi analyst;
  private final Jdbi owner;
  private Gateway gateway;

  Millrace() throws IOException, InterruptedException {
    folder = Files.createTempDirectory("millrace-it-");
    Logs.writeTo(folder);
    data = DataDirectory.open(folder);
    watched = new WatchedService();
    metered = new WatchedService();
    pipeline =
        Pipeline.start(
            data,
            Distribution.ofThisJvm(),
            new PipelineOptions(PipelineOptions.LOOPBACK, 0, environment()),
            progress -> {});
    KafkaConfig config = KafkaConfig.from(pipeline.environment());
    kafka =
        new KafkaClients(
            "it", config, EventSerdes.of(config.registry()), new SimpleMeterRegistry());
    analyst =
        Jdbi.create(
            pipeline.stack().addresses().jdbcUrl(),
            "millrace_analyst",
            credential(Credentials.ANALYST_PASSWORD));
    owner =
        Jdbi.create(
            pipeline.stack().addresses().jdbcUrl(),
            "millrace",
            credential(Credentials.DATABASE_PASSWORD));
    gateway = new Gateway(pipeline.gateway(), data.credentials());
  }

  private Map<String, String> environment() throws IOException {
    Path documents = Files.createDirectory(documents());
    ScratchGit.checkout(documents, Map.of("README.md", "# A mill\n\nIt grinds what comes.\n"))
        .close();
    ScratchGit.bareClone(documents, results()).close();
    Map<String, String> environment = new HashMap<>();
    environment.put("AUDIT_CHECKPOINT_INTERVAL", "1s");
    environment.put("AUDIT_TOPICS", "it\\..*");
    environment.put(
        "PROJECTS",
        "%s:%s/health,%s:%s/health"
            .formatted(
                WatchedService.PROJECT,
                watched.url(),
                WatchedService.METERED_PROJECT,
                metered.url()));
    environment.put(
        "PROJECT_METRICS", WatchedService.METERED_PROJECT + ":" + metered.url() + "/metrics");
    environment.put("PROJECT_MEMORY_LIMITS", WatchedService.METERED_PROJECT + "=1GB");
    environment.put("HEALTH_METRICS_INTERVAL", "500ms");
    environment.put("HEALTH_CHECK_INTERVAL", "500ms");
    // A repair of one test must not put off that of the next.
    environment.put("REMEDIATION_COOLDOWN", "1s");
    environment.put("HEALTH_REMINDER_INTERVAL", "5s");
    environment.put("AUDIT_RETRY_BACKOFF", "1s");
    // Half of the plans miss signals, and wait for them in vain.
    environment.put("LEARNING_SIGNAL_WAIT", "1s");
    environment.put("REMEDIATION_HOOKS", hooks());
    environment.put(
        "LOCAL_REPOSITORIES",
        "%s=%s,%s=%s".formatted(DOCUMENTS_REPOSITORY, documents, RESULTS_REPOSITORY, results()));
    return environment;
  }

  private String hooks() {
    Stream<String> ofMetered =
        Stream.of("restart_service", "clear_cache", "pause_service")
            .map(action -> metered.hook(WatchedService.METERED_PROJECT, action));
    return Stream.concat(
            Stream.of(watched.hook(WatchedService.PROJECT, "restart_service")), ofMetered)
        .collect(Collectors.joining(",", "[", "]"));
  }

  Pipeline pipeline() {
    return pipeline;
  }

  Gateway gateway() {
    return gateway;
  }

  /** Another gateway with the same keys. */
  Gateway gatewayAt(URI uri) {
    return new Gateway(uri, data.credentials());
  }

  /** Stops the gateway and starts it again; it may listen at another port afterwards. */
  Gateway restartGateway() throws InterruptedException {
    pipeline.stopApp("ingest-gateway");
    pipeline.startApp("ingest-gateway");
    pipeline.awaitReady(progress -> {});
    gateway = new Gateway(pipeline.gateway(), data.credentials());
    return gateway;
  }

  /** Clients of an outside producer or consumer. */
  KafkaClients kafka() {
    return kafka;
  }

  /** Writes an event as an outside producer does, and waits until it is acknowledged. */
  <T extends SpecificRecord> void publish(Topic<T> topic, String key, T value)
      throws InterruptedException {
    EventPublisher publisher = new EventPublisher(kafka, Duration.ofSeconds(30));
    publisher.start();
    try {
      publisher.publishAndWait(
          topic, key, value, EventContext.start("outside", TraceContext.start()));
    } finally {
      publisher.stop();
    }
  }

  /** The audit database, as an analyst. */
  Jdbi analyst() {
    return analyst;
  }

  /** The audit database, as the service that owns it. */
  Jdbi owner() {
    return owner;
  }

  WatchedService watched() {
    return watched;
  }

  WatchedService metered() {
    return metered;
  }

  /** Work tree of {@link #DOCUMENTS_REPOSITORY}. */
  Path documents() {
    return folder.resolve("documents");
  }

  /** Folder of {@link #RESULTS_REPOSITORY}. */
  Path results() {
    return folder.resolve("results.git");
  }

  String credential(String name) {
    return data.credentials().get(name);
  }

  Credentials credentials() {
    return data.credentials();
  }

  @Override
  public void close() {
    kafka.close();
    pipeline.close();
    watched.close();
    metered.close();
    data.close();
    DataDirectory.delete(folder);
  }
}
