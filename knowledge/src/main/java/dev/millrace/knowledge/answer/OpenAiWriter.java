package dev.millrace.knowledge.answer;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.millrace.knowledge.usage.ModelCall;
import dev.millrace.knowledge.usage.ModelCall.Purpose;
import dev.millrace.runtime.failure.RetryAfter;

/** A model of OpenAI, or of a server that speaks its protocol. */
record OpenAiWriter(OpenAIClient client, String model, int maxTokens, ModelCall.Listener listener)
    implements AnswerWriter {

  @Override
  public String write(String rules, String material) {
    ChatCompletionCreateParams request =
        ChatCompletionCreateParams.builder()
            .model(model)
            .maxCompletionTokens(maxTokens)
            .addSystemMessage(rules)
            .addUserMessage(material)
            .build();
    try {
      ChatCompletion answer = client.chat().completions().create(request);
      answer
          .usage()
          .ifPresent(usage ->
              listener.called(
                  new ModelCall(
                      Purpose.ANSWER,
                      "openai",
                      model,
                      usage.promptTokens(),
                      usage.completionTokens())));
      return answer.choices().stream()
          .findFirst()
          .flatMap(choice -> choice.message().content())
          .orElse("");
    } catch (OpenAIServiceException e) {
      throw WriterUnavailableException.failed(
          model, e.statusCode(), RetryAfter.of(e.headers()::values), e);
    } catch (OpenAIException e) {
      throw WriterUnavailableException.silent(model, e);
    }
  }
}
