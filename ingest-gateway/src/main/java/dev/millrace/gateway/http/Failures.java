package dev.millrace.gateway.http;

import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import java.time.Duration;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told about a failure. */
final class Failures {

  private static final Logger log = LoggerFactory.getLogger(Failures.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private Failures() {}

  static Problem problem(Throwable failure, Call call) {
    return switch (failure) {
      case ProblemException refused -> refused.problem();
      case PublishException unpublished -> unpublished(unpublished, call);
      case InterruptedException _ ->
          ProblemException.unavailable("the gateway is stopping", RETRY_AFTER).problem();
      default -> unexpected(failure, call);
    };
  }

  private static Problem unpublished(PublishException failure, Call call) {
    if (failure.getCause() instanceof RecordTooLargeException) {
      return ProblemException.tooLarge(
              "the event is larger than the broker takes: " + failure.getCause().getMessage())
          .problem();
    }
    log.atWarn()
        .addKeyValue("path", call.path())
        .addKeyValue("trace_id", call.trace().traceId())
        .addKeyValue("reason", failure.getMessage())
        .log("not acknowledged");
    String missing =
        failure.getCause() instanceof RegistryUnavailableException
            ? "the schema registry does not answer"
            : "Kafka did not acknowledge the event in time";
    return ProblemException.unavailable(
            missing + "; nothing is lost when the request is sent again", RETRY_AFTER)
        .problem();
  }

  private static Problem unexpected(Throwable failure, Call call) {
    log.atError()
        .addKeyValue("path", call.path())
        .addKeyValue("trace_id", call.trace().traceId())
        .setCause(failure)
        .log("could not answer");
    return ProblemException.of(
            500,
            "internal",
            "The gateway failed",
            "the log has the reason under trace " + call.trace().traceId())
        .problem();
  }
}
