package dev.millrace.router.topology;

import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topic.Cleanup;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Brings assignments from the router's transactions to the topics that workers take them from.
 *
 * <pre>
 *  handover --> sign --> agent.assignments.*
 * </pre>
 *
 * The end of a transaction is a marker that takes up an offset, and share groups stumble over it: a
 * slot that is handed nothing else comes back empty, and others are held although work is waiting.
 * What is handed over here is committed, read as such, and written without a transaction. When this
 * process dies in between, an assignment may be written twice: as one that is delivered twice, it
 * is the same run.
 */
public final class Handover {

  /** Internal to the router, which alone reads and writes it. */
  public static final Topic<AgentAssignment> TOPIC =
      new Topic<>(
          "millrace-task-router-handover",
          "task id",
          AgentAssignment.class,
          RouterTopology.PARTITIONS,
          Cleanup.DELETE,
          Duration.ofDays(7),
          AgentAssignment::getAgent);

  private Handover() {}

  /** Builds the topology. */
  public static Topology build(EventCodec codec) {
    EventCodec shared = new SharedCodec(codec);
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(
            TOPIC.name(),
            Consumed.with(Serdes.String(), shared.serde(TOPIC)).withName("read-handover"))
        .processValues(Sign::new, Named.as("sign"))
        .to(
            (_, assignment, _) -> target(assignment).name(),
            Produced.with(Serdes.String(), written(shared)).withName("write-assignments"));
    return builder.build();
  }

  private static Topic<AgentAssignment> target(AgentAssignment assignment) {
    return Topics.agentAssignments(assignment.getAgent());
  }

  /** Written under the subject of the topic of its agent. */
  private static Serde<AgentAssignment> written(EventCodec codec) {
    return Serdes.serdeFrom(
        (topic, assignment) ->
            codec.serde(target(assignment)).serializer().serialize(topic, assignment),
        codec.serde(TOPIC).deserializer());
  }

  /** Gives a record the headers of the topic it goes to. */
  private static final class Sign
      extends ContextualFixedKeyProcessor<String, AgentAssignment, AgentAssignment> {

    @Override
    public void process(FixedKeyRecord<String, AgentAssignment> record) {
      context().forward(record.withHeaders(headers(record)));
    }

    private static Headers headers(FixedKeyRecord<String, AgentAssignment> record) {
      AgentAssignment assignment = record.value();
      if (assignment == null) {
        throw new InvalidEventException("expected an assignment, found none");
      }
      try {
        return EventHeaders.of(
            target(assignment),
            record.key(),
            EventContext.of(
                record.headers(),
                new EventId(assignment.getRunId()),
                assignment.getDispatchedAt()));
      } catch (IllegalArgumentException e) {
        throw new InvalidEventException(
            "expected the assignment of a run to an agent: " + e.getMessage());
      }
    }
  }
}
