package dev.millrace.router;

import dev.millrace.router.topology.Handover;
import dev.millrace.router.topology.QueueMetrics;
import dev.millrace.router.topology.RocksDbMemory;
import dev.millrace.router.topology.RouterTopology;
import dev.millrace.router.workflow.topology.WorkflowTopology;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.streams.StreamsApp;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Routes tasks to agents and is their queue. */
public final class TaskRouterApp implements App {

  /**
   * Longest wait for new records. A record that arrives while the last transaction is still open is
   * committed only after this wait, so it is part of the latency.
   */
  private static final int POLL_MS = 5;

  /** The same for flows, whose agents work for seconds. */
  private static final int WORKFLOW_POLL_MS = 25;

  /**
   * They read every event of every task and act on few: their fetches wait for this much, or for
   * {@link #WORKFLOW_FETCH_MAX_WAIT_MS}, where one for each event would be as many as the queues'.
   */
  private static final int WORKFLOW_FETCH_MIN_BYTES = 64 << 10;

  private static final int WORKFLOW_FETCH_MAX_WAIT_MS = 100;

  /**
   * Rows that change several times within a transaction, as that of a queue does with every step of
   * its tasks, are written once. Room for what one transaction changes; it is flushed with it.
   */
  private static final long STORE_CACHE_BYTES = 8 << 20;

  /**
   * What flows act on is committed at once; this is how often it is noted how far they have read
   * besides. A longer interval that is configured holds for them too.
   */
  private static final Duration WORKFLOW_COMMIT_INTERVAL = Duration.ofSeconds(2);

  /**
   * What is handed over is sent at once; this is how often it is noted how far. After a crash what
   * came since is handed over again, and the worker knows the run.
   */
  private static final Duration HANDOVER_COMMIT_INTERVAL = Duration.ofMillis(500);

  @Override
  public String name() {
    return "task-router";
  }

  @Override
  public void wire(AppContext context) {
    RouterConfig config = RouterConfig.from(context.environment());
    KafkaClients kafka = context.kafka();
    context.provision(topics(config));
    QueueMetrics metrics = new QueueMetrics(context.meters());
    StreamsApp streams =
        context.add(
            new StreamsApp(
                kafka,
                context.meters(),
                RouterTopology.build(config, kafka.serdes()::serde, metrics),
                Map.of(
                    StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                    config.threads(),
                    StreamsConfig.POLL_MS_CONFIG,
                    POLL_MS,
                    StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                    STORE_CACHE_BYTES,
                    StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
                    RocksDbMemory.class)));
    context.readiness().add("streams", streams::check);
    StreamsApp handover =
        context.add(
            new StreamsApp(
                kafka,
                context.meters(),
                Handover.build(kafka.serdes()::serde),
                handoverSettings(kafka)));
    context.readiness().add("handover", handover::check);
    StreamsApp workflow =
        context.add(
            new StreamsApp(
                kafka,
                context.meters(),
                WorkflowTopology.build(config.workflow(), kafka.serdes()::serde),
                workflowSettings(kafka)));
    context.readiness().add("workflow", workflow::check);
  }

  /** Flows are an application of their own: what goes wrong with them holds up no queue. */
  private static Map<String, Object> workflowSettings(KafkaClients kafka) {
    return Map.of(
        StreamsConfig.APPLICATION_ID_CONFIG,
        "millrace-task-router-workflow",
        StreamsConfig.CLIENT_ID_CONFIG,
        "task-router-workflow",
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        kafka.config().streamsCommitIntervalOfAtLeast(WORKFLOW_COMMIT_INTERVAL).toMillis(),
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG),
        WORKFLOW_FETCH_MIN_BYTES,
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
        WORKFLOW_FETCH_MAX_WAIT_MS,
        StreamsConfig.POLL_MS_CONFIG,
        WORKFLOW_POLL_MS);
  }

  /** What has been committed is written again without a transaction. */
  private static Map<String, Object> handoverSettings(KafkaClients kafka) {
    return Map.of(
        StreamsConfig.APPLICATION_ID_CONFIG,
        "millrace-task-router-handover",
        StreamsConfig.CLIENT_ID_CONFIG,
        "task-router-handover",
        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
        StreamsConfig.AT_LEAST_ONCE,
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
        "read_committed",
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        kafka.config().streamsCommitIntervalOfAtLeast(HANDOVER_COMMIT_INTERVAL).toMillis());
  }

  private static List<Topic<?>> topics(RouterConfig config) {
    List<Topic<?>> topics =
        new ArrayList<>(
            List.of(
                Topics.TASK_REQUESTS,
                Topics.TASK_COMMANDS,
                Topics.TASK_EVENTS,
                Topics.TASK_QUEUES,
                Topics.AGENT_EVENTS,
                Topics.AGENT_COMMANDS,
                Topics.AGENT_PROVIDERS,
                Topics.DEAD_LETTERS,
                Topics.WORKFLOW_EVENTS,
                Topics.GITHUB_EVENTS,
                Topics.PLATFORM_EVENTS,
                Handover.TOPIC));
    for (String agent : config.routes().agents()) {
      topics.add(Topics.agentAssignments(agent));
    }
    return topics;
  }
}
