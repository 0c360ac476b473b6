package dev.millrace.router.topology;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.Circuits;
import dev.millrace.router.queue.QueueMachine;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.QueueStatus;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.QueueSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Tells how full a queue is and how it is set, for those who must know before they write to it: at
 * once when it becomes full or free, is paused, resumed or set otherwise; else now and then.
 */
final class SnapshotWriter {

  /** How old the counts of a busy queue may be. */
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final QueueName queue;
  private final QueueMachine machine;
  private final Circuits circuits;
  private @Nullable QueueStatus told;

  /** When the circuit changed that was told; its failures come and go with every run. */
  private Instant toldCircuitOf = Instant.EPOCH;

  private Map<String, String> toldSettings = Map.of();
  private int capacity;
  private Instant toldAt = Instant.EPOCH;

  SnapshotWriter(QueueName queue, QueueMachine machine, Circuits circuits) {
    this.queue = queue;
    this.machine = machine;
    this.circuits = circuits;
  }

  /** What is to be told about a queue in this state, if anything. */
  Optional<Record<String, SpecificRecord>> observe(QueueStatus status, Instant now) {
    QueueStatus before = told;
    Circuit circuit = status.provider() == null ? null : circuits.of(status.provider());
    Instant turnedAt = circuit == null ? Instant.EPOCH : circuit.changedAt();
    boolean turned = !turnedAt.equals(toldCircuitOf);
    if (status.equals(before) && !turned) {
      return Optional.empty();
    }
    if (before == null || turned || isSetOtherwise(before, status)) {
      toldSettings = machine.settings(status);
      capacity = machine.capacity(status);
    } else if (!isNews(before, status) && (isSame(before, status) || isFresh(now))) {
      return Optional.empty();
    }
    told = status;
    toldCircuitOf = turnedAt;
    toldAt = now;
    return Optional.of(record(status, circuit, now));
  }

  /** Whether it kept back how much of this waits and runs, because it told it a moment ago. */
  boolean isBehind(QueueStatus status) {
    return told == null || !isSame(told, status);
  }

  private static boolean isSetOtherwise(QueueStatus before, QueueStatus after) {
    return !after.overrides().equals(before.overrides()) || !after.pauses().equals(before.pauses());
  }

  private boolean isNews(QueueStatus before, QueueStatus after) {
    return (after.backlog() >= capacity) != (before.backlog() >= capacity);
  }

  private boolean isFresh(Instant now) {
    return toldAt.plus(INTERVAL).isAfter(now);
  }

  private static boolean isSame(QueueStatus before, QueueStatus after) {
    return before.backlog() == after.backlog() && before.running() == after.running();
  }

  private Record<String, SpecificRecord> record(
      QueueStatus status, @Nullable Circuit circuit, Instant now) {
    QueueSnapshot snapshot =
        QueueSnapshot.newBuilder()
            .setQueue(queue.value())
            .setBacklog(status.backlog())
            .setRunning(status.running())
            .setPauses(
                status.pauses().stream()
                    .map(pause -> pause.name().toLowerCase(Locale.ROOT))
                    .sorted()
                    .toList())
            .setSettings(toldSettings)
            .setObservedAt(now)
            .setProvider(status.provider() == null ? null : status.provider().name())
            .setCircuit(circuit == null ? null : circuit.state().name().toLowerCase(Locale.ROOT))
            .setCircuitUntil(circuit == null ? null : circuit.until())
            .setCircuitReason(circuit == null ? null : circuit.reason())
            .build();
    EventId id = new EventId(Cause.APP + "/" + queue + "/snapshot/" + now.toEpochMilli());
    EventContext context = new EventContext(id, Cause.APP, now, TraceContext.of(id), null);
    return new Record<>(
        queue.value(),
        snapshot,
        now.toEpochMilli(),
        EventHeaders.of(Topics.TASK_QUEUES, queue.value(), context));
  }
}
