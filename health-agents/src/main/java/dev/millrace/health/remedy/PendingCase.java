package dev.millrace.health.remedy;

import dev.millrace.health.flow.EventMetadata;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.health.HealthAnomaly;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An anomaly that waits for its diagnosis: enough of it to decide later as if it had just come.
 *
 * @param requestId the request for a diagnosis
 * @param anomaly what the rules and the analysis need of the anomaly
 * @param cause the event that brought it, from which all that follows derives its identity
 * @param decideBy when the rules decide without a diagnosis, by the clock of the app
 * @param withoutDiagnosis why there is none when that time has come
 */
public record PendingCase(
    String requestId, Anomaly anomaly, Cause cause, Instant decideBy, String withoutDiagnosis) {

  /**
   * An anomaly.
   *
   * @param id identity of the anomaly
   * @param type what is wrong
   * @param metric metric that showed it
   * @param value what was found
   * @param threshold what was allowed
   */
  public record Anomaly(
      String id,
      String type,
      @Nullable String metric,
      @Nullable Double value,
      @Nullable Double threshold) {}

  /**
   * An event.
   *
   * @param id its identity
   * @param source app that wrote it
   * @param time when it happened
   * @param traceparent trace it is in
   * @param replayId the replay that wrote it again, if one did
   */
  public record Cause(
      String id, String source, Instant time, String traceparent, @Nullable String replayId) {

    static Cause of(EventContext event) {
      return new Cause(
          event.id().value(),
          event.source(),
          event.time(),
          event.trace().traceparent(),
          event.replayId());
    }

    EventContext context() {
      EventId event = new EventId(id);
      return new EventContext(
          event,
          source,
          time,
          TraceContext.parse(traceparent).orElseGet(() -> TraceContext.of(event)),
          replayId);
    }
  }

  static PendingCase of(
      String requestId,
      HealthAnomaly anomaly,
      EventContext cause,
      Instant decideBy,
      String withoutDiagnosis) {
    return new PendingCase(
        requestId,
        new Anomaly(
            anomaly.getAnomalyId(),
            anomaly.getType(),
            anomaly.getMetric(),
            anomaly.getValue(),
            anomaly.getThreshold()),
        Cause.of(cause),
        decideBy,
        withoutDiagnosis);
  }

  /** The anomaly as an event of its project. */
  HealthAnomaly anomalyOf(String project) {
    return HealthAnomaly.newBuilder()
        .setAnomalyId(anomaly.id())
        .setProject(project)
        .setType(anomaly.type())
        .setMetric(anomaly.metric())
        .setValue(anomaly.value())
        .setThreshold(anomaly.threshold())
        .build();
  }

  /** The anomaly's event, as if it came only now. */
  EventMetadata decidedAt(Instant at, Instant receivedAt) {
    return new EventMetadata(cause.context(), at, receivedAt);
  }
}
