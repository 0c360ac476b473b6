package dev.millrace.audit.replay;

import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.event.ReplayMark;
import dev.millrace.schemas.replay.ReplayRequest;
import dev.millrace.schemas.replay.ReplaySource;
import dev.millrace.schemas.replay.ReplayTarget;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the replays that are on record, one at a time. */
public final class Replays implements Component {

  private static final Logger log = LoggerFactory.getLogger(Replays.class);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);
  private static final String FOLDER = "replays";

  private final KafkaClients kafka;
  private final DataSource dataSource;
  private final Path directory;
  private final ReplayStore store;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /**
   * @param directory where files are written, in a folder of their own
   */
  public Replays(KafkaClients kafka, Jdbi jdbi, DataSource dataSource, Path directory) {
    this.kafka = kafka;
    this.dataSource = dataSource;
    this.directory = directory;
    this.store = new ReplayStore(jdbi, kafka.app() + "-" + UUID.randomUUID());
    this.thread = Thread.ofPlatform().name(kafka.app() + "-replays").unstarted(this::runAll);
  }

  /** Takes the commands about these replays. */
  public ReplayCommandHandler commandHandler() {
    return new ReplayCommandHandler(store);
  }

  /** Whether replays that are asked for are run. */
  public Health check() {
    return thread.isAlive() ? Health.UP : Health.down(thread.getName() + " does not run");
  }

  @Override
  public void start() {
    thread.start();
  }

  /** Lets the batch that is being written end; another sink, or the next start, goes on. */
  @Override
  public void stop() {
    stop.countDown();
    try {
      if (!thread.join(STOP_LIMIT)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runAll() {
    try {
      while (!isStopped(Duration.ZERO)) {
        Optional<ReplayJob> job = claim();
        if (job.isPresent()) {
          run(job.get());
        } else if (isStopped(POLL_INTERVAL)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<ReplayJob> claim() throws InterruptedException {
    try {
      return store.claim();
    } catch (JdbiException e) {
      log.atDebug().setCause(e).log("no replay can be looked for now");
      var _ = isStopped(RETRY_INTERVAL);
      return Optional.empty();
    }
  }

  private void run(ReplayJob job) throws InterruptedException {
    log.atInfo()
        .addKeyValue("replay", job.id())
        .addKeyValue("written", job.written())
        .log(job.position() == null ? "a replay begins" : "a replay goes on");
    try {
      ReplayRun.End end = runToItsEnd(job);
      log.atInfo().addKeyValue("replay", job.id()).addKeyValue("end", end).log("a replay ends");
    } catch (IllegalArgumentException e) {
      fail(job, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      if (Refusal.isOfTheStatement(e)) {
        fail(job, "Postgres refused it: " + Refusal.reason(e));
      } else {
        later(job, e);
      }
    } catch (IOException | JdbiException | RegistryUnavailableException | RetriableException e) {
      later(job, e);
    } catch (KafkaException e) {
      fail(job, "Kafka refused it: " + Causes.rootMessage(e));
    }
  }

  private ReplayRun.End runToItsEnd(ReplayJob job)
      throws SQLException, IOException, InterruptedException {
    Optional<String> file = file(job);
    try (RecordSource source = source(job.request());
        LeaseWatch _ = LeaseWatch.over(store, job.id(), source)) {
      source.requirePossible();
      try (RecordTarget target = target(job, file)) {
        ReplayProgressStore progressStore = new ReplayProgressStore(kafka, job.id());
        ReplayJob goesOn = writesTopics(job) ? job.orAsKept(progressStore.read()) : job;
        ReplayRun.End end = new ReplayRun(store, goesOn, source, target, this::isStopped).run(file);
        switch (end) {
          case COMPLETED -> {
            store.completed(job.id());
            progressStore.forget();
          }
          case INTERRUPTED -> store.release(job.id(), Duration.ZERO);
          case TAKEN_AWAY -> {}
        }
        return end;
      }
    } catch (ReadCancelledException e) {
      return ReplayRun.End.TAKEN_AWAY;
    }
  }

  private void fail(ReplayJob job, String reason) {
    log.atWarn()
        .addKeyValue("replay", job.id())
        .addKeyValue("reason", reason)
        .log("a replay failed");
    store.failed(job.id(), reason);
  }

  private void later(ReplayJob job, Exception cause) throws InterruptedException {
    log.atWarn()
        .addKeyValue("replay", job.id())
        .addKeyValue("reason", Causes.rootMessage(cause))
        .log("a replay waits; it goes on from where it is");
    try {
      store.release(job.id(), RETRY_INTERVAL);
    } catch (JdbiException e) {
      log.atDebug().setCause(e).log("the lease of the replay ends by itself");
    }
    var _ = isStopped(RETRY_INTERVAL);
  }

  private static boolean writesTopics(ReplayJob job) {
    ReplayTarget target = job.request().getTarget();
    return target == ReplayTarget.SAME_TOPIC || target == ReplayTarget.OTHER_TOPIC;
  }

  private static Optional<String> file(ReplayJob job) {
    return job.request().getTarget() == ReplayTarget.FILE
        ? Optional.of(FOLDER + "/" + job.id() + ".jsonl")
        : Optional.empty();
  }

  private RecordSource source(ReplayRequest request) {
    Selection selection = new Selection(request);
    if (request.getSource() == ReplaySource.MIRROR) {
      return new MirrorSource(dataSource, selection);
    }
    Pace pace = new Pace(Objects.requireNonNullElse(request.getRecordsPerSecond(), 0), 0);
    return new TopicSource(
        kafka.consumer(
            "replay",
            null,
            Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, pace.batch(ReplayRun.BATCH_RECORDS))),
        request,
        selection,
        new ValueDecoder(kafka.serdes().registry()::schema, topic -> false));
  }

  private RecordTarget target(ReplayJob job, Optional<String> file) throws IOException {
    ReplayRequest request = job.request();
    return switch (request.getTarget()) {
      case NOWHERE -> rehearsed(request);
      case FILE -> new FileTarget(directory.resolve(file.orElseThrow()), job.fileBytes());
      case SAME_TOPIC -> topics(job, Optional.empty());
      case OTHER_TOPIC -> {
        String topic = request.getTargetTopic();
        if (topic == null) {
          throw new IllegalArgumentException("targetTopic: expected a topic");
        }
        new TargetTopic(kafka.admin()).ensure(topic, request.getTopics(), request.getCreateTopic());
        yield topics(job, Optional.of(topic));
      }
      case UNKNOWN -> throw new IllegalArgumentException("target: not one that this version knows");
    };
  }

  /** A dry run is refused where its replay would be, and makes nothing. */
  private RecordTarget rehearsed(ReplayRequest request) {
    String topic = request.getTargetTopic();
    if (topic != null && !request.getCreateTopic()) {
      new TargetTopic(kafka.admin()).ensure(topic, request.getTopics(), false);
    }
    return RecordTarget.nowhere();
  }

  private RecordTarget topics(ReplayJob job, Optional<String> other) {
    ReplayMark mark =
        new ReplayMark(
            job.id(),
            job.request().getEffects().stream()
                .map(Effect::of)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet()));
    ReplayProgressStore progressStore = new ReplayProgressStore(kafka, job.id());
    Map<String, Object> settings = kafka.producerSettings("replay", DELIVERY_TIMEOUT);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, progressStore.name());
    return new TopicTarget(
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()),
        other.orElse(null),
        mark,
        progressStore.metadata());
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  private boolean isStopped(Duration wait) throws InterruptedException {
    return stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }
}
