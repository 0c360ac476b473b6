package dev.millrace.runtime.writer;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.millrace.runtime.failure.RetryAfter;
import dev.millrace.runtime.usage.ModelCall;
import java.time.Duration;

/** A model of OpenAI, or of a server that speaks its protocol. */
record OpenAiWriter(
    OpenAIClient client, String model, WriterConfig config, ModelCall.Listener listener)
    implements ModelWriter {

  @Override
  public String write(String rules, String material, Duration atMost) {
    ChatCompletionCreateParams request =
        ChatCompletionCreateParams.builder()
            .model(model)
            .maxCompletionTokens(config.maxTokens())
            .addSystemMessage(rules)
            .addUserMessage(material)
            .build();
    try {
      ChatCompletion answer = client.chat().completions().create(request, within(atMost));
      answer
          .usage()
          .ifPresent(usage ->
              listener.called(
                  new ModelCall(
                      config.purpose(),
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

  private static RequestOptions within(Duration atMost) {
    return RequestOptions.builder().timeout(atMost).build();
  }
}
