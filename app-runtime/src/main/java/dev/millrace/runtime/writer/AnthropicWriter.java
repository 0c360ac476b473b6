package dev.millrace.runtime.writer;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.RequestOptions;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StopReason;
import dev.millrace.runtime.failure.RetryAfter;
import dev.millrace.runtime.usage.ModelCall;
import java.time.Duration;
import java.util.stream.Collectors;

/** A model of Anthropic. */
record AnthropicWriter(
    AnthropicClient client, String model, WriterConfig config, ModelCall.Listener listener)
    implements ModelWriter {

  @Override
  public String write(String rules, String material, Duration atMost) {
    MessageCreateParams request =
        MessageCreateParams.builder()
            .model(model)
            .maxTokens(config.maxTokens())
            .system(rules)
            .addUserMessage(material)
            .build();
    try {
      Message answer = client.messages().create(request, within(atMost));
      listener.called(
          new ModelCall(
              config.purpose(),
              "anthropic",
              model,
              answer.usage().inputTokens(),
              answer.usage().outputTokens()));
      return text(answer);
    } catch (AnthropicServiceException e) {
      throw WriterUnavailableException.failed(
          model, e.statusCode(), RetryAfter.of(e.headers()::values), e);
    } catch (AnthropicException e) {
      throw WriterUnavailableException.silent(model, e);
    }
  }

  private String text(Message answer) {
    StopReason stopped = answer.stopReason().orElse(StopReason.END_TURN);
    if (stopped.equals(StopReason.MAX_TOKENS)) {
      throw WriterUnavailableException.cutOff(model, config);
    }
    if (stopped.equals(StopReason.REFUSAL)) {
      throw WriterUnavailableException.declined(model);
    }
    return answer.content().stream()
        .flatMap(block -> block.text().stream())
        .map(text -> text.text())
        .collect(Collectors.joining());
  }

  private static RequestOptions within(Duration atMost) {
    return RequestOptions.builder().timeout(atMost).build();
  }
}
