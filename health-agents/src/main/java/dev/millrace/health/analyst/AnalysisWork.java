package dev.millrace.health.analyst;

import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.Work;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.runtime.usage.CallCause;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a request with the diagnosis of a model. What the model said is on record before the
 * request counts as done, and a request that is delivered again is not asked for again once its
 * diagnosis is on record. A request whose time is over is passed over: the rules have decided.
 */
public final class AnalysisWork implements Work<RemediationAnalysisRequest> {

  private static final Logger log = LoggerFactory.getLogger(AnalysisWork.class);
  private static final Duration WRITE_INTERVAL = Duration.ofSeconds(1);

  /** A request that may be answered later than that is a mistake, and would hold its worker. */
  private static final Duration MAX_LIFETIME = Duration.ofHours(24);

  private final String app;
  private final Analyst analyst;
  private final Answered answered;
  private final Publisher publisher;
  private final InstantSource clock;
  private final Pause pause;

  /** Knows the requests that were answered. */
  @FunctionalInterface
  public interface Answered {
    boolean holds(RemediationAnalysisRequest request);
  }

  /** Writes a diagnosis and waits until it is acknowledged. */
  @FunctionalInterface
  public interface Publisher {
    void publish(RemediationDiagnosis diagnosis, EventContext context) throws InterruptedException;
  }

  AnalysisWork(
      String app,
      Analyst analyst,
      Answered answered,
      Publisher publisher,
      InstantSource clock,
      Pause pause) {
    this.app = app;
    this.analyst = analyst;
    this.answered = answered;
    this.publisher = publisher;
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public void process(Delivery<RemediationAnalysisRequest> delivery) throws InterruptedException {
    RemediationAnalysisRequest request = delivery.value();
    validate(request);
    if (isOver(request)) {
      passOver(request, "its time is over");
      return;
    }
    if (answered.holds(request)) {
      passOver(request, "its diagnosis is on record");
      return;
    }
    Diagnosis diagnosis =
        CallCause.subject(delivery.context().trace(), request.getAnomalyId())
            .within(() -> analyst.diagnose(request));
    write(request, event(request, diagnosis), delivery.context().derive(app, "diagnosis"));
  }

  private void validate(RemediationAnalysisRequest request) {
    if (request.getRequestedAt().isBefore(Instant.EPOCH)) {
      throw new WorkRejectedException(
          "requested_at: expected a time from 1970 on, found " + request.getRequestedAt());
    }
    Instant latest = clock.instant().plus(MAX_LIFETIME);
    if (request.getAnswerBy().isAfter(latest)) {
      throw new WorkRejectedException(
          "answer_by: expected at most %d h from now, found %s"
              .formatted(MAX_LIFETIME.toHours(), request.getAnswerBy()));
    }
  }

  private boolean isOver(RemediationAnalysisRequest request) {
    return !clock.instant().isBefore(request.getAnswerBy());
  }

  private static void passOver(RemediationAnalysisRequest request, String why) {
    log.atInfo()
        .addKeyValue("project", request.getProject())
        .addKeyValue("request", request.getRequestId())
        .addKeyValue("reason", why)
        .log("passed over a request for a diagnosis");
  }

  /** A finished call is not thrown away while its diagnosis may still be of use. */
  private void write(
      RemediationAnalysisRequest request, RemediationDiagnosis diagnosis, EventContext context)
      throws InterruptedException {
    while (true) {
      try {
        publisher.publish(diagnosis, context);
        return;
      } catch (PublishException e) {
        if (isOver(request)) {
          throw e;
        }
        pause.of(WRITE_INTERVAL);
      }
    }
  }

  private RemediationDiagnosis event(RemediationAnalysisRequest request, Diagnosis diagnosis) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    RemediationDiagnosis.Builder event =
        RemediationDiagnosis.newBuilder()
            .setRequestId(request.getRequestId())
            .setAnomalyId(request.getAnomalyId())
            .setProject(request.getProject())
            .setAnalyzer(analyst.name())
            .setDiagnosedAt(now);
    return switch (diagnosis) {
      case Diagnosis.Given(ModelAnswer answer) ->
          event
              .setAction(answer.proposed().orElse(null))
              .setConfidence(answer.confidence())
              .setReasoning(answer.reasoning())
              .build();
      case Diagnosis.Failed(String why) -> event.setFailure(why).build();
    };
  }
}
