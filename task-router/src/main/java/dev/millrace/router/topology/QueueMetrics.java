package dev.millrace.router.topology;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.QueueStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * How full the queues are that this process serves, as {@code millrace_queue_backlog}, {@code
 * millrace_queue_running} and {@code millrace_queue_paused}, and whether their providers are asked,
 * as {@code millrace_queue_circuit_open}.
 */
public final class QueueMetrics {

  private final MeterRegistry meters;
  private final Map<QueueName, QueueStatus> statuses = new ConcurrentHashMap<>();
  private final Map<QueueName, Circuit.State> circuits = new ConcurrentHashMap<>();

  public QueueMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  void observe(QueueName queue, QueueStatus status, Circuit.State circuit) {
    circuits.put(queue, circuit);
    if (statuses.put(queue, status) == null) {
      gauge("millrace.queue.backlog", "Tasks that wait.", queue, QueueStatus::backlog);
      gauge("millrace.queue.running", "Tasks that run.", queue, QueueStatus::running);
      gauge("millrace.queue.paused", "1 if paused.", queue, s -> s.isPaused() ? 1 : 0);
      gauge(
          "millrace.queue.circuit.open",
          "1 if its provider is not asked, or only by one run that tries.",
          queue,
          _ -> circuits.get(queue) == Circuit.State.CLOSED ? 0 : 1);
    }
  }

  private void gauge(
      String name, String description, QueueName queue, ToDoubleFunction<QueueStatus> value) {
    Gauge.builder(
            name,
            statuses,
            all -> {
              QueueStatus status = all.get(queue);
              return status == null ? 0 : value.applyAsDouble(status);
            })
        .description(description)
        .tag("queue", queue.value())
        .register(meters);
  }

  /** The queue went to another process. */
  void forget(QueueName queue) {
    statuses.replace(queue, QueueStatus.NEW);
    circuits.replace(queue, Circuit.State.CLOSED);
  }
}
