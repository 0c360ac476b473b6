package dev.millrace.worker.openai;

import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.SseException;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.ApiFailures;
import java.util.Optional;
import java.util.function.Supplier;

/** What the SDK's exceptions mean for a run. */
final class OpenAiFailures {

  private static final ApiFailures API = OpenAiModel.API;

  private static final int OK = 200;

  private OpenAiFailures() {}

  /** The failure that an exception of the SDK stands for; any other is thrown again. */
  static AgentFailure of(RuntimeException thrown) {
    if (!(thrown instanceof OpenAIException failure)) {
      throw thrown;
    }
    return switch (failure) {
      case OpenAIServiceException service -> ofService(service);
      case OpenAIInvalidDataException invalid -> API.malformed(Causes.rootMessage(invalid));
      default -> API.unreachable(Causes.rootMessage(failure));
    };
  }

  private static AgentFailure ofService(OpenAIServiceException failure) {
    String type = given(failure::code).or(() -> given(failure::type)).orElse("");
    int status = status(failure, type);
    if (status == OK) {
      return API.malformed(String.valueOf(failure.getMessage()));
    }
    return API.ofStatus(
        status,
        String.valueOf(failure.getMessage()),
        type,
        ApiFailures.retryAfter(failure.headers()::values));
  }

  /** Servers that only speak like OpenAI leave parts of an error out, which the SDK throws on. */
  private static Optional<String> given(Supplier<Optional<String>> part) {
    try {
      return part.get();
    } catch (OpenAIInvalidDataException e) {
      return Optional.empty();
    }
  }

  /** An error in the middle of a stream comes with the stream's status, which was fine. */
  private static int status(OpenAIServiceException failure, String type) {
    if (!(failure instanceof SseException)) {
      return failure.statusCode();
    }
    return switch (type) {
      case "rate_limit_exceeded", "insufficient_quota" -> 429;
      case "server_error" -> 500;
      case "invalid_request_error", "context_length_exceeded" -> 400;
      default -> failure.statusCode();
    };
  }
}
