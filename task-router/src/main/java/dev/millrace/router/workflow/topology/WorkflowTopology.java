package dev.millrace.router.workflow.topology;

import dev.millrace.router.topology.EventCodec;
import dev.millrace.router.topology.OutputSerde;
import dev.millrace.router.topology.SharedCodec;
import dev.millrace.router.workflow.Flow;
import dev.millrace.router.workflow.FlowInput;
import dev.millrace.router.workflow.GithubInputs;
import dev.millrace.router.workflow.PlatformInputs;
import dev.millrace.router.workflow.TaskInputs;
import dev.millrace.router.workflow.WorkflowRules;
import dev.millrace.runtime.streams.JsonSerde;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The topology around the flows.
 *
 * <pre>
 *  task.requests   --> mean --+
 *  task.events     --> mean --+
 *  task.commands   --> mean --+--> inputs (repartition) --> flow [flows] --> workflow.events,
 *  github.events   --> mean --+                                              task.requests,
 *  platform.events --> mean --+                                              task.commands,
 *                                                 [early]                    task.events,
 *                                                                            dead.letters
 * </pre>
 *
 * What means nothing to flows is dropped before the detour. One partition owns a flow. Webhooks and
 * events of platforms are about development work: they are read where that goes through flows.
 */
public final class WorkflowTopology {

  /** Store of all flows of a partition. */
  static final String STORE = "flows";

  /** Store of the events that came before their flow. */
  static final String EARLY = "early";

  private static final int PARTITIONS = Topics.WORKFLOW_EVENTS.partitions();

  private final EventCodec codec;
  private final StreamsBuilder builder = new StreamsBuilder();

  private WorkflowTopology(EventCodec codec) {
    this.codec = codec;
  }

  /** Builds the topology. */
  public static Topology build(WorkflowRules rules, EventCodec codec) {
    return new WorkflowTopology(new SharedCodec(codec)).build(rules);
  }

  private Topology build(WorkflowRules rules) {
    TaskInputs tasks = new TaskInputs(rules);
    KStream<String, FlowInput> inputs =
        readBesideQueues(Topics.TASK_REQUESTS, tasks::of)
            .merge(read(Topics.TASK_EVENTS, tasks::of))
            .merge(readBesideQueues(Topics.TASK_COMMANDS, tasks::of));
    if (rules.developsInFlows()) {
      inputs =
          inputs
              .merge(read(Topics.GITHUB_EVENTS, GithubInputs::of))
              .merge(readGivingBack(Topics.PLATFORM_EVENTS, PlatformInputs::of));
    }
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(STORE), Serdes.String(), new JsonSerde<>(Flow.class)));
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(EARLY),
            Serdes.String(),
            new JsonSerde<>(EarlyInputs.Early.class)));
    OutputSerde outputs = new OutputSerde(codec, FlowWriter::topicOf);
    inputs
        .repartition(
            Repartitioned.<String, FlowInput>with(Serdes.String(), new JsonSerde<>(FlowInput.class))
                .withName("inputs")
                .withNumberOfPartitions(PARTITIONS))
        .process(() -> new FlowProcessor(rules), Named.as("flow"), STORE, EARLY)
        .to(
            outputs,
            Produced.<String, SpecificRecord>with(Serdes.String(), outputs.serde())
                .withName("write"));
    return builder.build();
  }

  private <T extends SpecificRecord> KStream<String, FlowInput> read(
      Topic<T> topic, BiFunction<T, EventContext, Optional<FlowInput>> meaning) {
    return read(topic, codec.serde(topic), meaning, null);
  }

  /**
   * Of a topic that the queues of this app read as well: they say what of it cannot be decoded,
   * which would be two dead letters for one record if it was said here too.
   */
  private <T extends SpecificRecord> KStream<String, FlowInput> readBesideQueues(
      Topic<T> topic, BiFunction<T, EventContext, Optional<FlowInput>> meaning) {
    return read(topic, new DecodableOnly<>(codec.serde(topic)), meaning, null);
  }

  /** Of a topic whose records nobody else acts on: one that no flow knows is given back. */
  private <T extends SpecificRecord> KStream<String, FlowInput> readGivingBack(
      Topic<T> topic, BiFunction<T, EventContext, Optional<FlowInput>> meaning) {
    Serde<T> serde = codec.serde(topic);
    return read(topic, serde, meaning, serde.serializer());
  }

  private <T extends SpecificRecord> KStream<String, FlowInput> read(
      Topic<T> topic,
      Serde<T> serde,
      BiFunction<T, EventContext, Optional<FlowInput>> meaning,
      @Nullable Serializer<T> given) {
    return builder.stream(
            topic.name(), Consumed.with(Serdes.String(), serde).withName("read-" + topic.name()))
        .process(() -> new MeaningProcessor<>(meaning, given), Named.as("mean-" + topic.name()));
  }
}
