package dev.millrace.worker.openai;

import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.SseException;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.ApiFailures;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What the SDK's exceptions mean for a run. */
final class OpenAiFailures {

  private static final ApiFailures API = OpenAiModel.API;

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
    String detail =
        ApiFailures.withoutStatus(String.valueOf(failure.getMessage()), failure.statusCode());
    String type = given(failure::code).or(() -> given(failure::type)).orElse("");
    Duration retryAfter = ApiFailures.retryAfter(failure.headers()::values);
    return failure instanceof SseException
        ? API.ofStreamed(failure.statusCode(), detail, type, retryAfter)
        : API.ofStatus(failure.statusCode(), detail, type, retryAfter);
  }

  private static Optional<String> given(Supplier<Optional<String>> part) {
    return ApiFailures.given(part, OpenAIInvalidDataException.class);
  }
}
