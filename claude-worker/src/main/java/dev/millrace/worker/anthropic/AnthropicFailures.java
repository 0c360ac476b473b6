package dev.millrace.worker.anthropic;

import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicInvalidDataException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.SseException;
import com.anthropic.models.ErrorType;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.ApiFailures;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What the SDK's exceptions mean for a run. */
final class AnthropicFailures {

  private static final ApiFailures API = AnthropicModel.API;

  private AnthropicFailures() {}

  /** The failure that an exception of the SDK stands for; any other is thrown again. */
  static AgentFailure of(RuntimeException thrown) {
    if (!(thrown instanceof AnthropicException failure)) {
      throw thrown;
    }
    return switch (failure) {
      case AnthropicServiceException service -> ofService(service);
      case AnthropicInvalidDataException invalid -> API.malformed(Causes.rootMessage(invalid));
      default -> API.unreachable(Causes.rootMessage(failure));
    };
  }

  private static AgentFailure ofService(AnthropicServiceException failure) {
    String said =
        ApiFailures.withoutStatus(String.valueOf(failure.getMessage()), failure.statusCode());
    String detail = given(failure::apiMessage).orElse(said);
    String type = given(() -> failure.type().map(ErrorType::asString)).orElse("");
    Duration retryAfter = ApiFailures.retryAfter(failure.headers()::values);
    return failure instanceof SseException
        ? API.ofStreamed(failure.statusCode(), detail, type, retryAfter)
        : API.ofStatus(failure.statusCode(), detail, type, retryAfter);
  }

  private static Optional<String> given(Supplier<Optional<String>> part) {
    return ApiFailures.given(part, AnthropicInvalidDataException.class);
  }
}
