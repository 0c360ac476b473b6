package dev.millrace.health.analyst;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.provider.AnthropicSettings;
import dev.millrace.runtime.usage.ModelCall;
import dev.millrace.runtime.usage.ModelCall.Purpose;
import dev.millrace.runtime.writer.ModelWriter;
import dev.millrace.runtime.writer.WriterConfig;
import dev.millrace.runtime.writer.Writers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Which model looks at anomalies.
 *
 * @param provider who offers it
 * @param writer what it writes
 * @param timeout how long a diagnosis may take, with all that is tried for it
 * @param concurrency diagnoses at once
 */
public record AnalystConfig(
    Provider provider, WriterConfig writer, Duration timeout, int concurrency) {

  private static final String VARIABLE = "HEALTH_ANALYZER";
  private static final String MAX_TOKENS = "HEALTH_ANALYZER_MAX_TOKENS";
  private static final String RULES = "rules";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
  private static final int DEFAULT_MAX_TOKENS = 1_500;

  /** Who offers models. */
  public enum Provider {
    ANTHROPIC,
    OPENAI
  }

  /**
   * Reads {@code HEALTH_ANALYZER}: {@code rules}, {@code anthropic} or {@code openai}. When it is
   * empty, the model of Anthropic if there is a key for it, else the rules.
   *
   * @return empty if the rules decide alone
   */
  public static Optional<AnalystConfig> from(Environment environment) {
    String usual =
        AnthropicSettings.hasKey(environment)
            ? Provider.ANTHROPIC.name().toLowerCase(Locale.ROOT)
            : RULES;
    String analyzer = environment.string(VARIABLE, usual);
    return switch (analyzer) {
      case RULES -> Optional.empty();
      case "anthropic" -> Optional.of(of(Provider.ANTHROPIC, environment));
      case "openai" -> Optional.of(of(Provider.OPENAI, environment));
      default ->
          throw new ConfigurationException(
              VARIABLE, "expected rules, anthropic or openai, found '" + analyzer + "'");
    };
  }

  private static AnalystConfig of(Provider provider, Environment environment) {
    return new AnalystConfig(
        provider,
        new WriterConfig(
            Purpose.DIAGNOSIS,
            environment.optional("HEALTH_ANALYZER_MODEL").orElse(null),
            environment.integer(MAX_TOKENS, DEFAULT_MAX_TOKENS, 100, 100_000),
            MAX_TOKENS),
        environment.duration("HEALTH_ANALYZER_TIMEOUT", DEFAULT_TIMEOUT),
        environment.integer("HEALTH_ANALYZER_CONCURRENCY", 4, 1, 64));
  }

  /**
   * The model.
   *
   * @param listener hears of its calls
   * @throws ConfigurationException if its key is missing
   */
  public ModelWriter model(Environment environment, ModelCall.Listener listener) {
    return switch (provider) {
      case ANTHROPIC -> Writers.anthropic(environment, writer, listener);
      case OPENAI -> Writers.openAi(environment, writer, listener);
    };
  }
}
