package dev.millrace.learning;

import dev.millrace.learning.learner.Cause;
import dev.millrace.learning.learner.Learner;
import dev.millrace.learning.learner.LearnerEvent;
import dev.millrace.learning.learner.LearnerState;
import dev.millrace.learning.learner.Output;
import dev.millrace.learning.learner.PendingPlan;
import dev.millrace.learning.learner.Transition;
import dev.millrace.runtime.streams.Alarm;
import dev.millrace.runtime.streams.EventContexts;
import dev.millrace.runtime.validation.EventFields;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.runtime.validation.LearningEvents;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningSignal;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds the {@link Learner} function from the topics, and time, and writes what follows. */
final class LearnerProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {

  private static final Logger log = LoggerFactory.getLogger(LearnerProcessor.class);
  private static final String APP = "learning-planner";

  /** How exactly a plan's waiting ends. */
  private static final Duration TICK = Duration.ofMillis(100);

  private final Learner learner;
  private final MeterRegistry meters;
  private @Nullable Stores stores;

  private record Stores(
      ProcessorContext<String, SpecificRecord> context,
      KeyValueStore<String, LearnerState> learners,
      KeyValueStore<String, Long> deadlines,
      Alarm alarm) {}

  LearnerProcessor(Learner learner, MeterRegistry meters) {
    this.learner = learner;
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    stores =
        new Stores(
            context,
            context.getStateStore(LearningTopology.LEARNERS_STORE),
            context.getStateStore(LearningTopology.DEADLINES_STORE),
            new Alarm(context, TICK, this::finishDue));
    // What was waited for before this process.
    stores.alarm().setFor(Instant.EPOCH);
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    Stores open = stores();
    EventContext event = EventContexts.of(open.context(), record);
    if (record.value() == null && isIntent(open.context())) {
      forget(record, event);
      return;
    }
    LearnerEvent learnerEvent = event(record, Cause.of(event));
    apply(record.key(), learnerEvent);
  }

  private static boolean isIntent(ProcessingContext context) {
    return context
        .recordMetadata()
        .filter(place -> place.topic().equals(Topics.LEARNING_INTENTS.name()))
        .isPresent();
  }

  private LearnerEvent event(Record<String, SpecificRecord> record, Cause cause) {
    Instant at = Instant.ofEpochMilli(record.timestamp());
    return switch (record.value()) {
      case LearningIntent intent -> {
        LearningEvents.requireKey(record.key(), intent.getUserId());
        yield new LearnerEvent.IntentSynced(intent, cause, at);
      }
      case LearningSignal signal -> {
        LearningEvents.requireKey(record.key(), signal.getUserId());
        yield new LearnerEvent.SignalArrived(signal, cause, at);
      }
      case LearningPlanRequest request -> {
        LearningEvents.requireKey(record.key(), request.getUserId());
        Instant now = Instant.ofEpochMilli(stores().context().currentSystemTimeMs());
        yield new LearnerEvent.PlanAsked(request, cause, at, now);
      }
      case LearningCompletion completion -> {
        LearningEvents.requireKey(record.key(), completion.getUserId());
        yield new LearnerEvent.SessionDone(completion, cause, at);
      }
      case null -> throw new InvalidEventException("expected a value, found a tombstone");
      default -> throw new IllegalStateException("no source carries " + record.value().getSchema());
    };
  }

  private void apply(String userId, LearnerEvent event) {
    Stores open = stores();
    LearnerState known = open.learners().get(userId);
    LearnerState before = known == null ? LearnerState.NEW : known;
    Transition transition = learner.apply(userId, before, event);
    if (!transition.state().equals(before)) {
      open.learners().put(userId, transition.state());
      keepDeadline(userId, transition.state());
    }
    transition.outputs().forEach(output -> forward(userId, output));
  }

  private void keepDeadline(String userId, LearnerState state) {
    Long earliest =
        state.pending().stream()
            .map(PendingPlan::deadline)
            .min(Instant::compareTo)
            .map(Instant::toEpochMilli)
            .orElse(null);
    KeyValueStore<String, Long> deadlines = stores().deadlines();
    if (earliest != null) {
      deadlines.put(userId, earliest);
      stores().alarm().setFor(Instant.ofEpochMilli(earliest));
    } else if (deadlines.get(userId) != null) {
      deadlines.delete(userId);
    }
  }

  private void finishDue(Instant now) {
    List<String> due = new ArrayList<>();
    Instant next = Instant.MAX;
    try (KeyValueIterator<String, Long> deadlines = stores().deadlines().all()) {
      while (deadlines.hasNext()) {
        KeyValue<String, Long> deadline = deadlines.next();
        Instant time = Instant.ofEpochMilli(deadline.value);
        if (!time.isAfter(now)) {
          due.add(deadline.key);
        } else if (time.isBefore(next)) {
          next = time;
        }
      }
    }
    due.forEach(userId -> apply(userId, new LearnerEvent.TimePassed(now)));
    stores().alarm().setFor(next);
  }

  /** A tombstone among the intents: the learner wants to be forgotten. */
  private void forget(Record<String, SpecificRecord> record, EventContext event) {
    if (record.key() == null) {
      throw new InvalidEventException("key: expected a user id, found none");
    }
    EventFields.requireName("key", record.key());
    Stores open = stores();
    open.learners().delete(record.key());
    open.deadlines().delete(record.key());
    Topic<?> topic = Topics.LEARNING_STATUSES;
    open.context()
        .forward(
            record
                .withValue((SpecificRecord) null)
                .withHeaders(EventHeaders.of(topic, record.key(), event.derive(APP, "forgotten"))),
            topic.name());
  }

  private void forward(String userId, Output output) {
    EventContext context = output.cause().context(output.at()).derive(APP, output.name());
    stores()
        .context()
        .forward(
            new Record<>(
                userId,
                output.value(),
                output.at().toEpochMilli(),
                EventHeaders.of(output.topic(), userId, context)),
            output.topic().name());
    if (output.value() instanceof LearningPlan plan) {
      observe(plan);
    }
  }

  private void observe(LearningPlan plan) {
    meters
        .counter(
            "millrace.learning.plans",
            "status",
            plan.getStatus().name(),
            "degraded",
            Boolean.toString(plan.getDegradedMode()))
        .increment();
    meters.counter("millrace.learning.signals", "cache", "hit").increment(plan.getCacheHits());
    meters.counter("millrace.learning.signals", "cache", "miss").increment(plan.getCacheMisses());
    log.atInfo()
        .addKeyValue("function", "day.run")
        .addKeyValue("session_id", plan.getSessionId())
        .addKeyValue("status", plan.getStatus())
        .addKeyValue("cache_hits", plan.getCacheHits())
        .addKeyValue("cache_misses", plan.getCacheMisses())
        .addKeyValue("degraded_mode", plan.getDegradedMode())
        .log("planned");
  }

  private Stores stores() {
    if (stores == null) {
      throw new IllegalStateException("not initialised");
    }
    return stores;
  }
}
