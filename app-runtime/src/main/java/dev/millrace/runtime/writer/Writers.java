package dev.millrace.runtime.writer;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.provider.AnthropicSettings;
import dev.millrace.runtime.provider.OpenAiSettings;
import dev.millrace.runtime.usage.ModelCall;
import java.util.Objects;

/** Makes models that write, by the configuration. */
public final class Writers {

  private Writers() {}

  /**
   * A model of Anthropic.
   *
   * @param listener hears of its calls
   * @throws ConfigurationException if its key is missing
   */
  public static ModelWriter anthropic(
      Environment environment, WriterConfig config, ModelCall.Listener listener) {
    AnthropicSettings settings = AnthropicSettings.from(environment);
    return new AnthropicWriter(
        settings.client().build(),
        Objects.requireNonNullElse(config.model(), settings.model()),
        config,
        listener);
  }

  /**
   * A model of OpenAI, or of a server that speaks its protocol.
   *
   * @param listener hears of its calls
   * @throws ConfigurationException if its key is missing
   */
  public static ModelWriter openAi(
      Environment environment, WriterConfig config, ModelCall.Listener listener) {
    OpenAiSettings settings = OpenAiSettings.from(environment);
    return new OpenAiWriter(
        settings.client().build(),
        Objects.requireNonNullElse(config.model(), settings.model()),
        config,
        listener);
  }
}
