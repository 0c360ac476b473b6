package dev.millrace.worker.anthropic;

import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicInvalidDataException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.SseException;
import com.anthropic.models.ErrorType;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.ApiFailures;
import java.util.Optional;
import java.util.function.Supplier;

/** What the SDK's exceptions mean for a run. */
final class AnthropicFailures {

  private static final ApiFailures API = AnthropicModel.API;

  private static final int OK = 200;

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
    String type = given(() -> failure.type().map(ErrorType::asString)).orElse("");
    int status = status(failure, type);
    if (status == OK) {
      return API.malformed(String.valueOf(failure.getMessage()));
    }
    return API.ofStatus(
        status,
        given(failure::apiMessage).orElseGet(() -> String.valueOf(failure.getMessage())),
        type,
        ApiFailures.retryAfter(failure.headers()::values));
  }

  /** A proxy on the way answers in a form of its own, which the SDK throws on. */
  private static Optional<String> given(Supplier<Optional<String>> part) {
    try {
      return part.get();
    } catch (AnthropicInvalidDataException e) {
      return Optional.empty();
    }
  }

  /** An error in the middle of a stream comes with the stream's status, which was fine. */
  private static int status(AnthropicServiceException failure, String type) {
    if (!(failure instanceof SseException)) {
      return failure.statusCode();
    }
    return switch (type) {
      case "overloaded_error" -> 529;
      case "rate_limit_error" -> 429;
      case "api_error" -> 500;
      case "timeout_error" -> 504;
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "permission_error" -> 403;
      default -> failure.statusCode();
    };
  }
}
