package dev.millrace.knowledge.answer;

import com.anthropic.client.AnthropicClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import dev.millrace.knowledge.usage.ModelCall;
import dev.millrace.knowledge.usage.ModelCall.Purpose;
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
    } catch (AnthropicException e) {
      throw new WriterUnavailableException(
          "%s did not answer: %s".formatted(model, e.getMessage()), e);
    }
  }
}
