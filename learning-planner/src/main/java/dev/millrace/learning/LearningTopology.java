package dev.millrace.learning;

import dev.millrace.learning.learner.Learner;
import dev.millrace.learning.learner.LearnerState;
import dev.millrace.runtime.streams.JsonSerde;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The planner as a topology: everything that happens to a learner meets in one processor, in the
 * order in which it happens.
 *
 * <pre>
 * learning.intents ---------+
 * learning.signals ---------+             +-&gt; learning.plans
 * learning.plan-requests ---+-&gt; learner --+-&gt; learning.statuses
 * learning.completions -----+             +-&gt; learning.signal-requests
 * </pre>
 */
public final class LearningTopology {

  static final String LEARNER = "learner";
  static final String LEARNERS_STORE = "learners";
  static final String DEADLINES_STORE = "plan-deadlines";

  /** What the planner reads; all keyed by user id, with the same number of partitions. */
  static final List<Topic<? extends SpecificRecord>> INPUTS =
      List.of(
          Topics.LEARNING_INTENTS,
          Topics.LEARNING_SIGNALS,
          Topics.LEARNING_PLAN_REQUESTS,
          Topics.LEARNING_COMPLETIONS);

  /** What the planner writes. */
  static final List<Topic<? extends SpecificRecord>> OUTPUTS =
      List.of(Topics.LEARNING_PLANS, Topics.LEARNING_STATUSES, Topics.LEARNING_SIGNAL_REQUESTS);

  private LearningTopology() {}

  /** Gives the serde for the values of a topic. */
  @FunctionalInterface
  public interface TopicSerdes {
    <T extends SpecificRecord> Serde<T> serde(Topic<T> topic);
  }

  /** The topology for this learner function. */
  public static Topology build(Learner learner, TopicSerdes serdes, MeterRegistry meters) {
    Topology topology = new Topology();
    INPUTS.forEach(topic ->
        topology.addSource(
            topic.name(),
            Serdes.String().deserializer(),
            serdes.serde(topic).deserializer(),
            topic.name()));
    topology.addProcessor(
        LEARNER,
        () -> new LearnerProcessor(learner, meters),
        INPUTS.stream().map(Topic::name).toArray(String[]::new));
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(LEARNERS_STORE),
            Serdes.String(),
            new JsonSerde<>(LearnerState.class)),
        LEARNER);
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(DEADLINES_STORE), Serdes.String(), Serdes.Long()),
        LEARNER);
    OUTPUTS.forEach(topic ->
        topology.addSink(
            topic.name(),
            topic.name(),
            Serdes.String().serializer(),
            serdes.serde(topic).serializer(),
            LEARNER));
    return topology;
  }
}
