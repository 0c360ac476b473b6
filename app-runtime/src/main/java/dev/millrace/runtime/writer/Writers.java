package dev.millrace.runtime.writer;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.Model;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.ChatModel;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.usage.ModelCall;
import java.util.Objects;
import java.util.Optional;

/** Makes models that write, by the configuration. */
public final class Writers {

  public static final String ANTHROPIC_KEY = "ANTHROPIC_API_KEY";
  public static final String OPENAI_KEY = "OPENAI_API_KEY";

  private Writers() {}

  /**
   * A model of Anthropic. Its client does not try again by itself: whoever asks knows how long it
   * is worth to wait.
   *
   * @param listener hears of its calls
   * @throws ConfigurationException if its key is missing
   */
  public static ModelWriter anthropic(
      Environment environment, WriterConfig config, ModelCall.Listener listener) {
    AnthropicOkHttpClient.Builder client =
        AnthropicOkHttpClient.builder().apiKey(environment.required(ANTHROPIC_KEY)).maxRetries(0);
    environment.optional("ANTHROPIC_BASE_URL").ifPresent(client::baseUrl);
    String usual = environment.string("ANTHROPIC_MODEL", Model.CLAUDE_SONNET_5_5.asString());
    return new AnthropicWriter(
        client.build(), Objects.requireNonNullElse(config.model(), usual), config, listener);
  }

  /**
   * A model of OpenAI, or of a server that speaks its protocol, which needs no key.
   *
   * @param listener hears of its calls
   * @throws ConfigurationException if its key is missing
   */
  public static ModelWriter openAi(
      Environment environment, WriterConfig config, ModelCall.Listener listener) {
    Optional<String> baseUrl = environment.optional("OPENAI_BASE_URL");
    OpenAIOkHttpClient.Builder client =
        OpenAIOkHttpClient.builder()
            .apiKey(
                baseUrl.isPresent()
                    ? environment.string(OPENAI_KEY, "none")
                    : environment.required(OPENAI_KEY))
            .maxRetries(0);
    baseUrl.ifPresent(client::baseUrl);
    String usual = environment.string("OPENAI_MODEL", ChatModel.GPT_6_1_SOL.asString());
    return new OpenAiWriter(
        client.build(), Objects.requireNonNullElse(config.model(), usual), config, listener);
  }
}
