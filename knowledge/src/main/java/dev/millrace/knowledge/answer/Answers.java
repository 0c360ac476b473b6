package dev.millrace.knowledge.answer;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.Model;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.ChatModel;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.knowledge.usage.ModelCall;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes what answers questions, by the configuration. */
public final class Answers {

  private static final String PROVIDER = "ANSWER_PROVIDER";
  private static final String ANTHROPIC_KEY = "ANTHROPIC_API_KEY";
  private static final String OPENAI_KEY = "OPENAI_API_KEY";
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
    Optional<AnswerWriter> writer = writer(environment, listener);
    return writer.isPresent()
        ? new ModelAnswers(search, writer.get(), extractive::answer, InstantSource.system())
        : question -> Answered.extractive(extractive.answer(question));
  }

  private static Optional<AnswerWriter> writer(
      Environment environment, ModelCall.Listener listener) {
    String provider = environment.string(PROVIDER, byKey(environment));
    return switch (provider) {
      case "anthropic" -> Optional.of(anthropic(environment, listener));
      case "openai" -> Optional.of(openAi(environment, listener));
      case "offline" -> Optional.empty();
      default ->
          throw new ConfigurationException(
              PROVIDER, "expected anthropic, openai or offline, found '" + provider + "'");
    };
  }

  private static String byKey(Environment environment) {
    if (environment.optional(ANTHROPIC_KEY).isPresent()) {
      return "anthropic";
    }
    return environment.optional(OPENAI_KEY).isPresent() ? "openai" : "offline";
  }

  private static AnswerWriter anthropic(Environment environment, ModelCall.Listener listener) {
    AnthropicOkHttpClient.Builder client =
        AnthropicOkHttpClient.builder()
            .apiKey(environment.required(ANTHROPIC_KEY))
            .timeout(timeout(environment))
            .maxRetries(0);
    environment.optional("ANTHROPIC_BASE_URL").ifPresent(client::baseUrl);
    String model = environment.string("ANTHROPIC_MODEL", Model.CLAUDE_SONNET_5_5.asString());
    return new AnthropicWriter(
        client.build(),
        environment.string("ANSWER_MODEL", model),
        maxTokens(environment),
        listener);
  }

  private static AnswerWriter openAi(Environment environment, ModelCall.Listener listener) {
    Optional<String> baseUrl = environment.optional("OPENAI_BASE_URL");
    OpenAIOkHttpClient.Builder client =
        OpenAIOkHttpClient.builder()
            .apiKey(
                baseUrl.isPresent()
                    ? environment.string(OPENAI_KEY, "none")
                    : environment.required(OPENAI_KEY))
            .timeout(timeout(environment))
            .maxRetries(0);
    baseUrl.ifPresent(client::baseUrl);
    String model = environment.string("OPENAI_MODEL", ChatModel.GPT_6_1_SOL.asString());
    return new OpenAiWriter(
        client.build(),
        environment.string("ANSWER_MODEL", model),
        maxTokens(environment),
        listener);
  }

  private static Duration timeout(Environment environment) {
    return environment.duration("ANSWER_TIMEOUT", DEFAULT_TIMEOUT);
  }

  private static int maxTokens(Environment environment) {
    return environment.integer("ANSWER_MAX_TOKENS", DEFAULT_MAX_TOKENS, 100, MAX_TOKENS);
  }
}
