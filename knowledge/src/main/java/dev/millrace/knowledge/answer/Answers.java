package dev.millrace.knowledge.answer;

import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.provider.AnthropicSettings;
import dev.millrace.runtime.provider.OpenAiSettings;
import dev.millrace.runtime.usage.ModelCall;
import dev.millrace.runtime.usage.ModelCall.Purpose;
import dev.millrace.runtime.writer.ModelWriter;
import dev.millrace.runtime.writer.WriterConfig;
import dev.millrace.runtime.writer.Writers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes what answers questions, by the configuration. */
public final class Answers {

  private static final String PROVIDER = "ANSWER_PROVIDER";
  private static final String MAX_TOKENS_VARIABLE = "ANSWER_MAX_TOKENS";
  private static final int DEFAULT_MAX_TOKENS = 1_500;
  private static final int MAX_TOKENS = 100_000;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private Answers() {}

  /**
   * What {@code ANSWER_PROVIDER} names: {@code anthropic}, {@code openai}, or {@code offline},
   * where nothing is written and sentences of the sources are the answer. When it is empty, the
   * first of them that there is a key for.
   *
   * @param search finds the passages
   * @param model compares sentences with the question, offline
   * @param listener hears of the model's calls
   * @throws ConfigurationException if a variable is wrong
   */
  public static Function<SearchRequest, Answered> from(
      Environment environment,
      Function<SearchRequest, List<SearchHit>> search,
      EmbeddingModel model,
      ModelCall.Listener listener) {
    ExtractiveAnswers extractive = new ExtractiveAnswers(search, model);
    Optional<ModelWriter> writer = writer(environment, listener);
    return writer.isPresent()
        ? new ModelAnswers(
            search, writer.get(), timeout(environment), extractive::answer, InstantSource.system())
        : question -> Answered.extractive(extractive.answer(question));
  }

  private static Optional<ModelWriter> writer(
      Environment environment, ModelCall.Listener listener) {
    String provider = environment.string(PROVIDER, byKey(environment));
    return switch (provider) {
      case "anthropic" ->
          Optional.of(Writers.anthropic(environment, config(environment), listener));
      case "openai" -> Optional.of(Writers.openAi(environment, config(environment), listener));
      case "offline" -> Optional.empty();
      default ->
          throw new ConfigurationException(
              PROVIDER, "expected anthropic, openai or offline, found '" + provider + "'");
    };
  }

  private static String byKey(Environment environment) {
    if (AnthropicSettings.hasKey(environment)) {
      return "anthropic";
    }
    return OpenAiSettings.hasKey(environment) ? "openai" : "offline";
  }

  private static WriterConfig config(Environment environment) {
    return new WriterConfig(
        Purpose.ANSWER,
        environment.optional("ANSWER_MODEL").orElse(null),
        maxTokens(environment),
        MAX_TOKENS_VARIABLE);
  }

  private static Duration timeout(Environment environment) {
    return environment.duration("ANSWER_TIMEOUT", DEFAULT_TIMEOUT);
  }

  private static int maxTokens(Environment environment) {
    return environment.integer(MAX_TOKENS_VARIABLE, DEFAULT_MAX_TOKENS, 100, MAX_TOKENS);
  }
}
