package dev.millrace.router.topology;

import dev.millrace.router.RouterConfig;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.routing.RequestRouting;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology around the queues.
 *
 * <pre>
 *  task.requests --> route --+--> reject ---------------------------------+
 *  task.commands --> route --+                                            |
 *  agent.events  --> route --+                                            |
 *  agent.providers > route --+--> here? --yes--------------+              |
 *                                   |                      v              v
 *                                   +--no--> inputs --> queue [queues] --> task.events,
 *                                        (repartition)                    handover,
 *                                                                         agent.commands,
 *                                                                         agent.providers,
 *                                                                         task.requests (moved),
 *                                                                         dead.letters
 * </pre>
 *
 * One partition owns a queue. What was written to the partition of that number already takes no
 * detour; everything else goes through {@code inputs}.
 */
public final class RouterTopology {

  /** Store of all queues of a partition. */
  static final String STORE = "queues";

  /** Partitions of the internal topic, and so of the store: fixed once tasks are in it. */
  static final int PARTITIONS = Topics.TASK_REQUESTS.partitions();

  /**
   * Rows of a queue are short-lived. Small segments, compacted early, keep the changelog near the
   * size of the store, so that a store that was lost is soon restored.
   */
  private static final Map<String, String> CHANGELOG =
      Map.of(
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(32 << 20),
          TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
          "0.3");

  private final RouterConfig config;
  private final EventCodec codec;
  private final RequestRouting routing;
  private final Set<QueueName> queues;
  private final StreamsBuilder builder = new StreamsBuilder();

  private RouterTopology(RouterConfig config, EventCodec codec) {
    this.config = config;
    this.codec = codec;
    this.routing = new RequestRouting(config.routes(), config.workflow());
    this.queues = config.routes().agents().stream().map(QueueName::new).collect(Collectors.toSet());
  }

  /**
   * Builds the topology.
   *
   * @param codec how events are written and read
   * @param metrics told how full the queues are
   */
  public static Topology build(RouterConfig config, EventCodec codec, QueueMetrics metrics) {
    return new RouterTopology(config, new SharedCodec(codec)).build(metrics);
  }

  private Topology build(QueueMetrics metrics) {
    Map<String, KStream<String, TaskRequest>> requests =
        read(Topics.TASK_REQUESTS)
            .split(Named.as("requests-"))
            .branch((_, request) -> isAccepted(request), Branched.as("accepted"))
            .branch((_, request) -> isOfTheWorkflow(request), Branched.as("workflow"))
            .defaultBranch(Branched.as("rejected"));
    KStream<String, SpecificRecord> rejections =
        branch(requests, "requests-rejected")
            .process(() -> new RejectProcessor(routing), Named.as("reject-requests"));

    KStream<String, Routed> inputs =
        route(branch(requests, "requests-accepted"), "route-requests", this::queueOf)
            .merge(route(read(Topics.TASK_COMMANDS), "route-commands", this::queuesOf))
            .merge(route(read(Topics.AGENT_EVENTS), "route-runs", this::queueOf))
            .merge(route(read(Topics.AGENT_PROVIDERS), "route-providers", _ -> queues));

    builder.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingEnabled(CHANGELOG)
            .withCachingEnabled());
    OutputSerde outputs = new OutputSerde(codec, OutputSerde::topicOf);
    atTheirPartition(inputs)
        .process(() -> new QueueProcessor(config.rules(), codec, metrics), Named.as("queue"), STORE)
        .merge(rejections, Named.as("outputs"))
        .to(
            outputs,
            Produced.<String, SpecificRecord>with(Serdes.String(), outputs.serde())
                .withName("write"));
    return builder.build();
  }

  /**
   * Partition that owns a queue: that of a record with its agent's name as the key, so that the
   * queues of an agent are together.
   */
  static int partitionOf(QueueName queue) {
    return Topics.TASK_REQUESTS.partitionOf(queue.agent());
  }

  private <T extends SpecificRecord> KStream<String, T> read(Topic<T> topic) {
    return builder.stream(
        topic.name(),
        Consumed.with(Serdes.String(), codec.serde(topic)).withName("read-" + topic.name()));
  }

  private static <T extends SpecificRecord> KStream<String, Routed> route(
      KStream<String, T> events, String name, Function<T, Collection<QueueName>> queues) {
    return events.process(() -> new RouteProcessor<>(queues), Named.as(name));
  }

  /** Brings every event to the partition that owns its queue. */
  private KStream<String, SpecificRecord> atTheirPartition(KStream<String, Routed> inputs) {
    Map<String, KStream<String, Routed>> split =
        inputs
            .split(Named.as("is-"))
            .branch(
                (queue, routed) -> partitionOf(new QueueName(queue)) == routed.partition(),
                Branched.as("here"))
            .defaultBranch(Branched.as("elsewhere"));
    KStream<String, SpecificRecord> detour =
        branch(split, "is-elsewhere")
            .mapValues(Routed::event, Named.as("unwrap-elsewhere"))
            .repartition(
                Repartitioned.<String, SpecificRecord>with(Serdes.String(), new EventSerde(codec))
                    .withName("inputs")
                    .withNumberOfPartitions(PARTITIONS)
                    .withStreamPartitioner((_, queue, _, _) ->
                        Optional.of(Set.of(partitionOf(new QueueName(queue))))));
    return branch(split, "is-here")
        .mapValues(Routed::event, Named.as("unwrap-here"))
        .merge(detour, Named.as("arrived"));
  }

  private boolean isAccepted(TaskRequest request) {
    return request != null && routing.decide(request) instanceof RequestRouting.Decision.ToQueue;
  }

  /** The workflow takes them itself, from the same topic. */
  private boolean isOfTheWorkflow(TaskRequest request) {
    return request != null && config.workflow().takes(request);
  }

  private List<QueueName> queueOf(TaskRequest request) {
    return switch (routing.decide(request)) {
      case RequestRouting.Decision.ToWorkflow _ -> List.of();
      case RequestRouting.Decision.ToQueue decision -> List.of(decision.queue());
      case RequestRouting.Decision.Refused refused ->
          throw new InvalidEventException(refused.reason());
    };
  }

  private Collection<QueueName> queuesOf(TaskCommand command) {
    if (command.getCommandId().isBlank()) {
      throw new InvalidEventException("expected a command_id, found a blank");
    }
    if (command.getQueue().equals(RoutingTable.EVERY_QUEUE)) {
      return queues;
    }
    if (command.getQueue().equals(WorkflowTasks.QUEUE)) {
      return List.of();
    }
    if (!config.routes().isQueue(command.getQueue())) {
      throw unknown(command.getQueue());
    }
    return List.of(new QueueName(command.getQueue()));
  }

  private List<QueueName> queueOf(AgentEvent event) {
    if (event.getTaskId().isBlank() || event.getRunId().isBlank()) {
      throw new InvalidEventException("expected a task_id and a run_id, found a blank");
    }
    QueueName queue = new QueueName(event.getQueue());
    if (!queues.contains(queue.main()) || !mayExist(queue)) {
      throw unknown(event.getQueue());
    }
    return List.of(queue);
  }

  /** Also a queue of a tenant of an agent that is to have none any more: its runs go on. */
  private static boolean mayExist(QueueName queue) {
    return !queue.isOfTenant()
        || RoutingTable.isTenant(queue.value().substring(queue.agent().length() + 1));
  }

  private InvalidEventException unknown(String queue) {
    return new InvalidEventException(
        "expected a queue of the agents %s or *, found '%s'"
            .formatted(config.routes().agents(), queue));
  }

  private static <V> KStream<String, V> branch(
      Map<String, KStream<String, V>> branches, String name) {
    KStream<String, V> branch = branches.get(name);
    if (branch == null) {
      throw new IllegalStateException("expected a branch " + name + " of " + branches.keySet());
    }
    return branch;
  }
}
