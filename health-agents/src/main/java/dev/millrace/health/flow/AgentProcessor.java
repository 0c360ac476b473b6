package dev.millrace.health.flow;

import dev.millrace.runtime.streams.Alarm;
import dev.millrace.runtime.streams.EventContexts;
import dev.millrace.runtime.validation.HealthEvents;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Feeds an agent from its topics, and time, and writes what follows. Sinks bear the names of their
 * topics and a prefix of the agent's.
 */
public final class AgentProcessor<S>
    implements Processor<String, SpecificRecord, String, SpecificRecord> {

  private final String app;
  private final String agentName;
  private final Function<ProcessorContext<?, ?>, ProjectAgent<S>> agents;
  private final String storeName;
  private final Duration tick;
  private @Nullable Open<S> open;

  /** What there is within the task. */
  private record Open<S>(
      ProcessorContext<String, SpecificRecord> context,
      KeyValueStore<String, S> store,
      ProjectAgent<S> agent,
      Alarm alarm) {}

  /**
   * @param app name of the app, the source of what follows
   * @param agentName name of the agent, the prefix of its sinks
   * @param agents makes the agent within its task, where it may look into stores of others
   * @param tick how often the agent is told that time has passed
   */
  public AgentProcessor(
      String app,
      String agentName,
      Function<ProcessorContext<?, ?>, ProjectAgent<S>> agents,
      String storeName,
      Duration tick) {
    this.app = app;
    this.agentName = agentName;
    this.agents = agents;
    this.storeName = storeName;
    this.tick = tick;
  }

  /** Name of the sink of an agent for a topic. */
  public static String sink(String agentName, String topic) {
    return agentName + "-" + topic;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> processorContext) {
    open =
        new Open<>(
            processorContext,
            processorContext.getStateStore(storeName),
            agents.apply(processorContext),
            new Alarm(processorContext, tick, this::timePassed));
    open.alarm().setFor(Instant.EPOCH);
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    SpecificRecord value = record.value();
    if (value == null) {
      throw new InvalidEventException("expected a value, found a tombstone");
    }
    String project = project(record.key(), value);
    Instant at = Instant.ofEpochMilli(record.timestamp());
    EventContext event = EventContexts.of(open().context(), record);
    Instant now = Instant.ofEpochMilli(open().context().currentSystemTimeMs());
    S before = known(project);
    advance(
        project,
        before,
        open().agent().apply(project, before, value, new EventMetadata(event, at, now)));
    open().alarm().setFor(now);
  }

  private static String project(@Nullable String key, SpecificRecord value) {
    Schema.Field field = value.getSchema().getField("project");
    String project = String.valueOf(value.get(field.pos()));
    HealthEvents.requireKey(key, project);
    return project;
  }

  private void timePassed(Instant now) {
    List<KeyValue<String, S>> projects = new ArrayList<>();
    try (KeyValueIterator<String, S> all = open().store().all()) {
      all.forEachRemaining(projects::add);
    }
    for (KeyValue<String, S> entry : projects) {
      EventId id = new EventId(agentName + "/" + entry.key + "/" + now.toEpochMilli());
      EventContext event = new EventContext(id, app, now, TraceContext.of(id), null);
      advance(
          entry.key,
          entry.value,
          open().agent().timePassed(entry.key, entry.value, new EventMetadata(event, now, now)));
    }
    if (!projects.isEmpty()) {
      open().alarm().setFor(now);
    }
  }

  private S known(String project) {
    S known = open().store().get(project);
    return known == null ? open().agent().initial() : known;
  }

  private void advance(String project, S before, Transition<S> transition) {
    if (!transition.state().equals(before)) {
      open().store().put(project, transition.state());
    }
    transition.outputs().forEach(output -> forward(project, output));
  }

  private void forward(String project, Output output) {
    EventContext derived = output.cause().derive(app, output.name());
    open()
        .context()
        .forward(
            new Record<>(
                project,
                output.value(),
                output.at().toEpochMilli(),
                EventHeaders.of(output.topic(), project, derived)),
            sink(agentName, output.topic().name()));
  }

  private Open<S> open() {
    if (open == null) {
      throw new IllegalStateException("not initialised");
    }
    return open;
  }
}
