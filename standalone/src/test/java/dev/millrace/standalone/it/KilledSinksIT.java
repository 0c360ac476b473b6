package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.AuditSinkApp;
import dev.millrace.audit.mirror.MirrorCounts;
import dev.millrace.audit.mirror.MirrorCounts.PartitionCount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sinks in processes of their own, killed (SIGKILL) in turn under load, so that their
 * partitions go to and fro, while Postgres and the broker are restarted; then the mirror is
 * compared with Kafka offset by offset. {@code -Dmillrace.kills=50} kills more often.
 */
@ExtendWith(WithMillrace.class)
class KilledSinksIT {

  private static final String TOPIC = "killed-sinks.events";
  private static final int PARTITIONS = 4;
  private static final int KILLS = Integer.getInteger("millrace.kills", 6);
  private static final int RECORDS_A_TRANSACTION = 20;
  private static final Duration BETWEEN_TRANSACTIONS = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final AppProcess[] sinks = new AppProcess[2];
  private final AtomicBoolean loaded = new AtomicBoolean(true);
  private final List<String> failures = new CopyOnWriteArrayList<>();

  /**
   * Aborted transactions that the restart of the broker came across. What Kafka makes of those, the
   * sink only mirrors, and the comparison shows that it does.
   */
  private final Set<String> interrupted = ConcurrentHashMap.newKeySet();

  private volatile boolean brokerRestarts;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void takeThePlaceOfTheSink(Millrace millrace) throws Exception {
    millrace
        .kafka()
        .admin()
        .createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
        .all()
        .get(30, TimeUnit.SECONDS);
    millrace.pipeline().stopApp("audit-sink");
  }

  @AfterEach
  void giveItBack(Millrace millrace) throws Exception {
    loaded.set(false);
    threads.shutdownNow();
    for (AppProcess sink : sinks) {
      if (sink != null) {
        sink.close();
      }
    }
    millrace.pipeline().startApp("audit-sink");
    millrace.pipeline().awaitReady(progress -> {});
  }

  @Test
  void nothingIsMissingAndNothingIsDoubled(Millrace millrace) throws Exception {
    // given
    sinks[0] = start(millrace);
    sinks[1] = start(millrace);
    Future<?> load = threads.submit(() -> load(millrace));

    // when
    for (int kill = 0; kill < KILLS; kill++) {
      long before = eventually().until(() -> rows(millrace), found -> true);
      eventually().until(() -> rows(millrace) > before);
      sinks[kill % 2].killAndRestart();
      if (kill == KILLS / 3) {
        restartPostgres(millrace);
      } else if (kill == 2 * KILLS / 3) {
        restartBroker(millrace);
      }
    }
    loaded.set(false);
    load.get(60, TimeUnit.SECONDS);

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(compare(millrace))
                .hasSize(PARTITIONS)
                .allMatch(count -> count.isEqual(false) && count.behind() == 0)
                .allMatch(count -> count.onKafka() > 0));
    assertThat(Evidence.verify(millrace, TOPIC).findings()).isEmpty();
    assertThat(
            Queries.texts(
                millrace,
                "SELECT DISTINCT convert_from(raw, 'UTF8') FROM audit.records"
                    + " WHERE topic = ? AND convert_from(raw, 'UTF8') LIKE 'aborted%'",
                TOPIC))
        .as("aborted transactions in the mirror; what ended producers: %s", failures)
        .isSubsetOf(interrupted);
  }

  private AppProcess start(Millrace millrace) {
    return AppProcess.start(
        millrace, new AuditSinkApp(), folder, Map.of("AUDIT_TOPICS", "killed-sinks\\..*"));
  }

  private static void restartPostgres(Millrace millrace) {
    millrace.pipeline().stack().postgres().stop();
    millrace.pipeline().stack().postgres().start();
  }

  private void restartBroker(Millrace millrace) {
    brokerRestarts = true;
    millrace.pipeline().stack().kafka().stop();
    millrace.pipeline().stack().kafka().start();
    long before = rows(millrace);
    eventually().until(() -> rows(millrace) > before);
    brokerRestarts = false;
  }

  /** A producer that the restart of the broker made useless is followed by another. */
  private void load(Millrace millrace) {
    for (int producer = 0; loaded.get(); producer++) {
      try {
        transactions(millrace, producer);
      } catch (KafkaException e) {
        failures.add(producer + ": " + e);
        pause();
      }
    }
  }

  /** Transactions, every third of which is aborted. */
  private void transactions(Millrace millrace, int number) {
    Map<String, Object> settings =
        millrace.kafka().producerSettings("killed-sinks", Duration.ofSeconds(30));
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "killed-sinks");
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      for (int n = 0; loaded.get(); n++) {
        boolean aborted = n % 3 == 2;
        String name =
            "%s %d of producer %d".formatted(aborted ? "aborted" : "committed", n, number);
        if (brokerRestarts) {
          interrupted.add(name);
        }
        producer.beginTransaction();
        for (int i = 0; i < RECORDS_A_TRANSACTION; i++) {
          Future<RecordMetadata> _ =
              producer.send(
                  new ProducerRecord<>(TOPIC, i % PARTITIONS, null, name.getBytes(UTF_8)));
        }
        producer.flush();
        if (aborted) {
          producer.abortTransaction();
          if (brokerRestarts) {
            interrupted.add(name);
          }
        } else {
          producer.commitTransaction();
        }
        pause();
      }
    }
  }

  private static void pause() {
    LockSupport.parkNanos(BETWEEN_TRANSACTIONS.toNanos());
  }

  private static long rows(Millrace millrace) {
    return Queries.count(millrace, "SELECT count(*) FROM audit.records WHERE topic = ?", TOPIC);
  }

  private static List<PartitionCount> compare(Millrace millrace) {
    try (Consumer<byte[], byte[]> consumer = millrace.kafka().consumer("compare", null, Map.of())) {
      return new MirrorCounts(millrace.analyst()).compare(consumer, TOPIC::equals, PATIENCE);
    }
  }
}
