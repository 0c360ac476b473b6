package dev.millrace.knowledge.answer;

import com.anthropic.client.AnthropicClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import dev.millrace.knowledge.usage.ModelCall;
import dev.millrace.knowledge.usage.ModelCall.Purpose;
import dev.millrace.runtime.failure.RetryAfter;
import java.util.stream.Collectors;

/** A model of Anthropic. */
record AnthropicWriter(
    AnthropicClient client, String model, int maxTokens, ModelCall.Listener listener)
    implements AnswerWriter {

  @Override
  public String write(String rules, String material) {
    MessageCreateParams request =
        MessageCreateParams.builder()
            .model(model)
            .maxTokens(maxTokens)
            .system(rules)
            .addUserMessage(material)
            .build();
    try {
      Message answer = client.messages().create(request);
      listener.called(
          new ModelCall(
              Purpose.ANSWER,
              "anthropic",
              model,
              answer.usage().inputTokens(),
              answer.usage().outputTokens()));
      return answer.content().stream()
          .flatMap(block -> block.text().stream())
          .map(text -> text.text())
          .collect(Collectors.joining());
    } catch (AnthropicServiceException e) {
      throw WriterUnavailableException.failed(
          model, e.statusCode(), RetryAfter.of(e.headers()::values), e);
    } catch (AnthropicException e) {
      throw WriterUnavailableException.silent(model, e);
    }
  }
}
