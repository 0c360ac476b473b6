package dev.millrace.router.topology;

import static java.util.Objects.requireNonNull;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.Provider;
import dev.millrace.router.queue.AllRules;
import dev.millrace.router.queue.QueueEffect;
import dev.millrace.router.queue.QueueEvent;
import dev.millrace.router.queue.QueueMachine;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.Task;
import dev.millrace.router.storage.StoredCircuits;
import dev.millrace.router.storage.StoredQueue;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.streams.Alarm;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.ProviderStatus;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Serves the queues of one partition: gives each its events and the time. */
final class QueueProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {

  /** How often the queues are told the time: how exact retries, deadlines and leases are. */
  static final Duration TICK = Duration.ofMillis(100);

  /** Which part of a lease it may be behind and still judge who is silent. */
  private static final int LAGS_PER_LEASE = 4;

  private final AllRules rules;
  private final Duration maxLag;
  private final EventCodec codec;
  private final QueueMetrics metrics;
  private final Map<QueueName, Served> served = new HashMap<>();
  private @Nullable ProcessorContext<String, SpecificRecord> context;
  private @Nullable StreamsStore store;
  private @Nullable StoredCircuits circuits;
  private @Nullable Alarm alarm;
  private Instant watchedSince = Instant.EPOCH;

  QueueProcessor(AllRules rules, EventCodec codec, QueueMetrics metrics) {
    this.rules = rules;
    this.maxLag = rules.usual().runLease().dividedBy(LAGS_PER_LEASE);
    this.codec = codec;
    this.metrics = metrics;
  }

  /** A queue with its memory. */
  private record Served(
      StoredQueue state, QueueMachine machine, EffectWriter writer, SnapshotWriter snapshots) {

    /** When it has to be told the time again. */
    Instant due(Instant now) {
      return snapshots.isBehind(state.status()) ? now : state.due();
    }
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> processorContext) {
    context = processorContext;
    store = new StreamsStore(processorContext.getStateStore(RouterTopology.STORE));
    circuits = new StoredCircuits(store);
    watchedSince = Instant.ofEpochMilli(processorContext.currentSystemTimeMs());
    served.clear();
    StoredQueue.in(store).forEach(this::serve);
    rules.configured().keySet().stream()
        .filter(queue -> RouterTopology.partitionOf(queue) == processorContext.taskId().partition())
        .forEach(this::serve);
    alarm = new Alarm(processorContext, TICK, this::tick);
    alarm.setFor(watchedSince);
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    Task.Origin origin = Envelope.open(record.headers(), record.timestamp());
    Instant now = Instant.ofEpochMilli(requireNonNull(context, "context").currentSystemTimeMs());
    listenAnewIfBehind(now);
    SpecificRecord value = record.value();
    QueueName queue = new QueueName(record.key());
    if (value instanceof AgentEvent && !served.containsKey(queue)) {
      return; // the run of a queue that never dispatched one
    }
    QueueEvent event = event(record, origin, now);
    apply(queue, event, Cause.of(value, origin), now);
    if (isForEveryQueue(value)) {
      for (QueueName other : List.copyOf(served.keySet())) {
        if (other.isOfTenant() && other.main().equals(queue)) {
          apply(other, event, Cause.of(value, origin), now);
        }
      }
    }
    // What one queue learns of a provider, others of this partition tell with the next tick.
    requireNonNull(alarm, "alarm").setFor(now);
  }

  /**
   * While it catches up, after a burst of requests for example, what runs reported long ago is yet
   * to be read: none of them can be missed. The newest time of all that was read counts, so that
   * old times of a single producer change nothing.
   */
  private void listenAnewIfBehind(Instant now) {
    Instant readUpTo =
        Instant.ofEpochMilli(requireNonNull(context, "context").currentStreamTimeMs());
    if (readUpTo.plus(maxLag).isBefore(now)) {
      watchedSince = now;
    }
  }

  /** Such a command reaches the queue of each agent, and so the tenants' queues beside it. */
  private static boolean isForEveryQueue(SpecificRecord value) {
    return value instanceof TaskCommand command
        && command.getQueue().equals(RoutingTable.EVERY_QUEUE);
  }

  private static QueueEvent event(
      Record<String, SpecificRecord> record, Task.Origin origin, Instant now) {
    return switch (record.value()) {
      case TaskRequest request ->
          new QueueEvent.TaskRequested(request, origin, Envelope.moved(record.headers()));
      case ProviderStatus status -> ProviderStatusEvents.of(status, now);
      case TaskCommand command -> new QueueEvent.CommandReceived(command, origin);
      case AgentEvent event -> QueueEvent.of(event, origin.context());
      default ->
          throw new IllegalStateException(
              "no queue takes a " + record.value().getSchema().getFullName());
    };
  }

  private void tick(Instant now) {
    Instant next = Instant.MAX;
    for (QueueName queue : List.copyOf(served.keySet())) {
      Served target = serve(queue);
      if (target.state().due().isAfter(now)) {
        observe(queue, target, now);
      } else {
        apply(queue, new QueueEvent.Tick(watchedSince), Cause.tick(queue, now), now);
      }
      Instant due = target.due(now);
      next = due.isBefore(next) ? due : next;
    }
    requireNonNull(alarm, "alarm").setFor(next);
  }

  private void apply(QueueName queue, QueueEvent event, Cause cause, Instant now) {
    Served target = serve(queue);
    for (QueueEffect effect : target.machine().apply(target.state(), event, now)) {
      requireNonNull(context, "context").forward(target.writer().write(effect, cause, now));
    }
    observe(queue, target, now);
  }

  private void observe(QueueName queue, Served target, Instant now) {
    Provider provider = target.state().status().provider();
    Circuit circuit =
        provider == null ? Circuit.NEW : requireNonNull(circuits, "circuits").of(provider);
    metrics.observe(queue, target.state().status(), circuit.state());
    target
        .snapshots()
        .observe(target.state().status(), now)
        .ifPresent(requireNonNull(context, "context")::forward);
  }

  private Served serve(QueueName queue) {
    Served known = served.get(queue);
    if (known == null) {
      known = open(queue);
      served.put(queue, known);
    }
    return known;
  }

  private Served open(QueueName queue) {
    StoredCircuits shared = requireNonNull(circuits, "circuits");
    QueueMachine machine = new QueueMachine(queue, rules.of(queue), shared);
    StoredQueue state =
        new StoredQueue(queue, requireNonNull(store, "store"), codec.serde(Topics.TASK_REQUESTS));
    if (queue.isOfTenant() && state.isNew()) {
      state.save(serve(queue.main()).state().status().inherited());
    }
    return new Served(
        state, machine, new EffectWriter(queue, codec), new SnapshotWriter(queue, machine, shared));
  }

  @Override
  public void close() {
    served.keySet().forEach(metrics::forget);
  }
}
