package dev.millrace.router.workflow.topology;

import static java.util.Objects.requireNonNull;

import dev.millrace.router.workflow.Flow;
import dev.millrace.router.workflow.FlowEffect;
import dev.millrace.router.workflow.FlowInput;
import dev.millrace.router.workflow.FlowMachine;
import dev.millrace.router.workflow.WorkflowRules;
import dev.millrace.runtime.streams.Alarm;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves the flows of one partition on: gives each its inputs and the time. */
final class FlowProcessor implements Processor<String, FlowInput, String, SpecificRecord> {

  /** How often questions and flows that are over are looked at: how exact their ends are. */
  static final Duration TICK = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(FlowProcessor.class);

  private final WorkflowRules rules;
  private final FlowMachine machine;
  private final FlowWriter writer;

  /** When something is due for a flow: an answer that is waited for, or that it is forgotten. */
  private final Map<String, Instant> due = new HashMap<>();

  private @Nullable ProcessorContext<String, SpecificRecord> context;
  private @Nullable KeyValueStore<String, Flow> flows;
  private @Nullable EarlyInputs early;
  private @Nullable Alarm alarm;

  FlowProcessor(WorkflowRules rules) {
    this.rules = rules;
    this.machine = new FlowMachine(rules);
    this.writer = new FlowWriter(rules);
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> processorContext) {
    context = processorContext;
    flows = processorContext.getStateStore(WorkflowTopology.STORE);
    early = new EarlyInputs(processorContext.getStateStore(WorkflowTopology.EARLY));
    alarm = new Alarm(processorContext, TICK, this::tick);
    due.clear();
    try (KeyValueIterator<String, Flow> all = store().all()) {
      while (all.hasNext()) {
        KeyValue<String, Flow> next = all.next();
        watch(next.value);
      }
    }
    early().nextDue().ifPresent(this::wakeAt);
  }

  @Override
  public void process(Record<String, FlowInput> record) {
    FlowInput input = record.value();
    Instant now = Instant.ofEpochMilli(requireNonNull(context, "context").currentSystemTimeMs());
    Flow flow = store().get(input.flow());
    if (flow == null && input.waitsForFlow() && input.cause().allows(Effect.MODEL_CALLS)) {
      early().keep(input, now);
      early().nextDue().ifPresent(this::wakeAt);
    } else if (input.cause().allows(Effect.MODEL_CALLS)) {
      apply(flow, input, now);
      if (flow == null && store().get(input.flow()) != null) {
        early()
            .take(input.flow())
            .forEach(waiting -> apply(store().get(waiting.flow()), waiting, now));
      }
    } else {
      machine
          .passOver(flow, input)
          .map(told -> writer.write(told, input.cause(), 0, now))
          .ifPresent(requireNonNull(context, "context")::forward);
    }
  }

  private void apply(@Nullable Flow flow, FlowInput input, Instant now) {
    machine.apply(flow, input, now).ifPresent(outcome -> carryOut(outcome, input.cause(), now));
  }

  private void tick(Instant now) {
    due.entrySet().stream()
        .filter(entry -> !entry.getValue().isAfter(now))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(id -> due(id, now));
    early().takeDue(now).forEach(this::giveBack);
    due.values().stream().min(Instant::compareTo).ifPresent(this::wakeAt);
    early().nextDue().ifPresent(this::wakeAt);
  }

  private void giveBack(FlowInput input) {
    log.atWarn()
        .addKeyValue("event", input.cause().id())
        .addKeyValue("flow", input.flow())
        .log("gives an event up as a dead letter: no flow is known to it");
    requireNonNull(context, "context").forward(writer.giveBack(input, EarlyInputs.WAIT));
  }

  private void wakeAt(Instant time) {
    requireNonNull(alarm, "alarm").setFor(time);
  }

  private void due(String id, Instant now) {
    Flow flow = store().get(id);
    if (flow == null) {
      due.remove(id);
      return;
    }
    Optional<FlowMachine.Outcome> expired = machine.expire(flow, now);
    if (expired.isPresent()) {
      EventContext origin = flow.origin();
      EventId cause = origin.id().derive("tick/" + now.toEpochMilli());
      carryOut(
          expired.get(),
          new EventContext(cause, FlowWriter.APP, now, origin.trace(), origin.replayId()),
          now);
    } else if (flow.progress().endedAt() != null) {
      store().delete(id);
      due.remove(id);
    }
  }

  private void carryOut(FlowMachine.Outcome outcome, EventContext cause, Instant now) {
    requireNonNull(context, "context").commit();
    store().put(outcome.flow().id(), outcome.flow());
    watch(outcome.flow());
    int number = 0;
    for (FlowEffect effect : outcome.effects()) {
      if (effect instanceof FlowEffect.Refused refused) {
        throw new InvalidEventException(
            "flow %s: %s".formatted(outcome.flow().id(), refused.reason()));
      }
      requireNonNull(context, "context").forward(writer.write(effect, cause, number++, now));
    }
  }

  private void watch(Flow flow) {
    Flow.Ask ask = flow.progress().ask();
    Instant ended = flow.progress().endedAt();
    if (ask != null) {
      watch(flow, ask.until());
    } else if (ended != null) {
      watch(flow, ended.plus(rules.retention()));
    } else {
      due.remove(flow.id());
    }
  }

  private void watch(Flow flow, Instant time) {
    due.put(flow.id(), time);
    wakeAt(time);
  }

  private EarlyInputs early() {
    return requireNonNull(early, "early");
  }

  private KeyValueStore<String, Flow> store() {
    return requireNonNull(flows, "flows");
  }
}
