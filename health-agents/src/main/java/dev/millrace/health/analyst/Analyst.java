package dev.millrace.health.analyst;

import dev.millrace.runtime.writer.AnswerSchema;
import dev.millrace.runtime.writer.AnswerSchema.Checked;
import dev.millrace.runtime.writer.Fence;
import dev.millrace.runtime.writer.ModelWriter;
import dev.millrace.runtime.writer.WriterUnavailableException;
import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Asks a model about an anomaly, for as long as there is time. A failure that may pass is tried
 * again; a model that limits its callers is left alone for as long as it asks, by all who share
 * this analyst. An answer that does not fit is sent back once.
 */
final class Analyst {

  private static final int MAX_CALLS = 3;
  private static final Duration FAILURE_PAUSE = Duration.ofSeconds(1);

  /** For a model that limits and does not say for how long. */
  private static final Duration LIMIT_PAUSE = Duration.ofSeconds(5);

  /** Whatever it says: the next question after that finds out. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** Less is not worth a call. What it takes too long, the way of the diagnosis has to spare. */
  private static final Duration LEAST_TIME = Duration.ofSeconds(1);

  private final ModelWriter writer;
  private final String salt;
  private final InstantSource clock;
  private final Pause pause;
  private volatile Instant leftAloneUntil = Instant.MIN;

  /**
   * @param salt what outsiders do not know, so that they cannot end a fence
   */
  Analyst(ModelWriter writer, String salt, InstantSource clock, Pause pause) {
    this.writer = writer;
    this.salt = salt;
    this.clock = clock;
    this.pause = pause;
  }

  /** Name of the model in diagnoses. */
  String name() {
    return "model:" + writer.model();
  }

  /** What the model thinks, or why it does not say; before the request must be answered. */
  Diagnosis diagnose(RemediationAnalysisRequest request) throws InterruptedException {
    Instant again = leftAloneUntil;
    if (!again.isBefore(request.getAnswerBy())) {
      return new Diagnosis.Failed(
          "%s wants to be left alone until %s".formatted(writer.model(), again));
    }
    if (clock.instant().isBefore(again)) {
      pause.of(Duration.between(clock.instant(), again));
    }
    Fence fence = new Fence(salt, request.getRequestId());
    AnswerSchema schema = ModelAnswer.schema(request.getActions());
    Prompt prompt = Prompt.of(request, schema, fence);
    try {
      String answer = write(prompt, request.getAnswerBy());
      return switch (schema.check(answer)) {
        case Checked.Fits(String json) -> new Diagnosis.Given(ModelAnswer.read(json));
        case Checked.DoesNotFit(String problem) ->
            asAgain(schema, prompt.again(answer, problem, fence), request.getAnswerBy());
      };
    } catch (WriterUnavailableException e) {
      return new Diagnosis.Failed(String.valueOf(e.getMessage()));
    }
  }

  private Diagnosis asAgain(AnswerSchema schema, Prompt prompt, Instant answerBy)
      throws InterruptedException {
    return switch (schema.check(write(prompt, answerBy))) {
      case Checked.Fits(String json) -> new Diagnosis.Given(ModelAnswer.read(json));
      case Checked.DoesNotFit(String problem) ->
          new Diagnosis.Failed(
              "twice %s did not answer as asked: %s".formatted(writer.model(), problem));
    };
  }

  private String write(Prompt prompt, Instant answerBy) throws InterruptedException {
    for (int call = 1; ; call++) {
      try {
        return writer.write(prompt.rules(), prompt.material(), left(answerBy));
      } catch (WriterUnavailableException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while the model was asked");
        }
        Duration wait = waitAfter(e);
        boolean mayBeAnswered = e.isLimit() || e.retryAfter().isPresent() || e.mayPass();
        if (!mayBeAnswered || call == MAX_CALLS || wait.compareTo(left(answerBy)) >= 0) {
          throw e;
        }
        pause.of(wait);
      }
    }
  }

  private Duration waitAfter(WriterUnavailableException e) {
    if (!e.isLimit() && e.retryAfter().isEmpty()) {
      return FAILURE_PAUSE;
    }
    Duration wait = e.retryAfter().orElse(LIMIT_PAUSE);
    Duration atMost = wait.compareTo(LONGEST_PAUSE) < 0 ? wait : LONGEST_PAUSE;
    leftAloneUntil = clock.instant().plus(atMost);
    return atMost;
  }

  private Duration left(Instant answerBy) {
    Duration left = Duration.between(clock.instant(), answerBy);
    return left.compareTo(LEAST_TIME) < 0 ? LEAST_TIME : left;
  }
}
