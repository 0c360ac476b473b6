package dev.millrace.standalone.command;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.serde.EventSerdes;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.logs.Logs;
import dev.millrace.standalone.pipeline.PipelineState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Kafka clients of a command, for the pipeline that runs. */
final class RunningKafka implements AutoCloseable {

  private static final int TIMEOUT_SECONDS = 10;

  private final KafkaClients clients;

  RunningKafka(PipelineState state) {
    Logs.off();
    KafkaConfig config =
        KafkaConfig.from(
            Environment.of(
                Map.of(
                    "KAFKA_BOOTSTRAP_SERVERS", state.bootstrapServers(),
                    "SCHEMA_REGISTRY_URL", state.registry().toString(),
                    "SCHEMA_REGISTRY_CONFLUENT_URL", state.confluentRegistry().toString(),
                    "SCHEMA_REGISTRY_PATIENCE", "5s")));
    clients =
        new KafkaClients(
            "millrace-command",
            config,
            EventSerdes.of(config.registry()),
            new SimpleMeterRegistry());
  }

  KafkaClients clients() {
    return clients;
  }

  /** The broker's answer, or one sentence why there is none. */
  static <T> T await(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StackException(
          "the broker did not answer within " + TIMEOUT_SECONDS + " s; see ./millrace status", e);
    } catch (ExecutionException e) {
      throw new StackException("the broker refused: " + Causes.rootMessage(e), e);
    }
  }

  @Override
  public void close() {
    clients.close();
  }
}
