package dev.millrace.runtime.writer;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletion.Choice;
import com.openai.models.chat.completions.ChatCompletion.Choice.FinishReason;
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
      return answer.choices().stream().findFirst().map(this::text).orElse("");
    } catch (OpenAIServiceException e) {
      throw WriterUnavailableException.failed(
          model, e.statusCode(), RetryAfter.of(e.headers()::values), e);
    } catch (OpenAIException e) {
      throw WriterUnavailableException.silent(model, e);
    }
  }

  private String text(Choice choice) {
    // servers that only speak like OpenAI may leave it out
    FinishReason finished = choice._finishReason().asKnown().orElse(FinishReason.STOP);
    if (finished.equals(FinishReason.LENGTH)) {
      throw WriterUnavailableException.cutOff(model, config);
    }
    if (finished.equals(FinishReason.CONTENT_FILTER)
        || choice.message().refusal().filter(text -> !text.isEmpty()).isPresent()) {
      throw WriterUnavailableException.declined(model);
    }
    return choice.message().content().orElse("");
  }

  private static RequestOptions within(Duration atMost) {
    return RequestOptions.builder().timeout(atMost).build();
  }
}
