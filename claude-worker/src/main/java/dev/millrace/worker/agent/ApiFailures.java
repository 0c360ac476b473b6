package dev.millrace.worker.agent;

import dev.millrace.runtime.failure.RetryAfter;
import dev.millrace.runtime.failure.Texts;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Failures of a provider's HTTP API, said the same way for all providers.
 *
 * @param api name of the API in messages, for example {@code Claude API}
 * @param keyVariable variable that holds its key
 * @param modelVariable variable that names the model
 * @param urlVariable variable that says where it is
 * @param maxTokensVariable variable that says how long an answer may be
 */
public record ApiFailures(
    String api,
    String keyVariable,
    String modelVariable,
    String urlVariable,
    String maxTokensVariable) {

  /** Where a parser stopped in a text that it does not show. */
  private static final Pattern POSITION = Pattern.compile("(?s)\\s*at \\[Source: .*");

  private static final int OK = 200;
  private static final int MAX_DETAIL = 500;
  private static final Duration MAX_RETRY_AFTER = Duration.ofHours(24);

  /**
   * The failure that an error in the middle of a stream stands for: it comes with the status of the
   * stream, which was fine, so that its name tells which it would have had.
   *
   * @param status the status of the stream
   */
  public AgentFailure ofStreamed(
      int status, String detail, String errorType, @Nullable Duration retryAfter) {
    int meant =
        switch (errorType) {
          case "invalid_request_error", "context_length_exceeded" -> 400;
          case "authentication_error" -> 401;
          case "billing_error" -> 402;
          case "permission_error" -> 403;
          case "not_found_error" -> 404;
          case "request_too_large" -> 413;
          case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota" -> 429;
          case "api_error", "server_error" -> 500;
          case "timeout_error" -> 504;
          case "overloaded_error" -> 529;
          default -> status;
        };
    return ofStatus(meant, detail, errorType, retryAfter);
  }

  /**
   * The failure that an HTTP status stands for.
   *
   * @param detail what the API says about it
   * @param errorType the API's own name for the error, if it gives one
   */
  public AgentFailure ofStatus(
      int status, String detail, String errorType, @Nullable Duration retryAfter) {
    String said = "%s error: %d: %s".formatted(api, status, shorten(detail));
    return switch (status) {
      case OK -> malformed(detail);
      case 401 ->
          AgentFailure.permanent(
              "provider_unauthorized",
              said + ". Check that " + keyVariable + " is set to a valid key with credit");
      case 402 ->
          AgentFailure.permanent(
              "provider_payment_required", said + ". Check the billing of the account");
      case 403 ->
          AgentFailure.permanent(
              "provider_forbidden", said + ". Check what the key in " + keyVariable + " may do");
      case 404 ->
          AgentFailure.permanent(
              "provider_not_found", said + ". Check " + String.join(" and ", addressedBy()));
      case 408, 409 -> new AgentFailure("provider_unavailable", said, true, retryAfter);
      case 413 -> contextTooLong(said);
      case 429 ->
          isOutOfCredit(errorType)
              ? AgentFailure.permanent(
                  "provider_payment_required", said + ". Check the billing of the account")
              : new AgentFailure("rate_limited", said, true, retryAfter);
      case 529 -> new AgentFailure("provider_overloaded", said, true, retryAfter);
      default -> ofOtherStatus(status, said, detail, errorType, retryAfter);
    };
  }

  private AgentFailure ofOtherStatus(
      int status, String said, String detail, String errorType, @Nullable Duration retryAfter) {
    if (status >= 500) {
      return new AgentFailure("provider_unavailable", said, true, retryAfter);
    }
    return saysTooLong(detail, errorType)
        ? contextTooLong(said)
        : AgentFailure.permanent("provider_rejected", said);
  }

  /** The variables that say who is asked: one alone where a model has no name of its own. */
  private Set<String> addressedBy() {
    return new LinkedHashSet<>(List.of(modelVariable, urlVariable));
  }

  /** What an SDK's exception says, without the status that the SDK puts before it. */
  public static String withoutStatus(String message, int status) {
    String before = status + ": ";
    return message.startsWith(before) ? message.substring(before.length()) : message;
  }

  private static AgentFailure contextTooLong(String said) {
    return AgentFailure.permanent(
        "context_too_long", said + ". Shorten the description, or name a smaller file");
  }

  private static boolean isOutOfCredit(String errorType) {
    return errorType.equals("insufficient_quota");
  }

  private static boolean saysTooLong(String detail, String errorType) {
    String text = (detail + ' ' + errorType).toLowerCase(Locale.ROOT);
    return text.contains("too long")
        || text.contains("context_length_exceeded")
        || text.contains("context window")
        || text.contains("maximum context length");
  }

  /** The connection failed, or broke off in the middle. */
  public AgentFailure unreachable(String detail) {
    return AgentFailure.temporary(
        "provider_unreachable",
        "%s did not answer to the end: %s. Check the network and %s"
            .formatted(api, shorten(detail), urlVariable));
  }

  /** The answer is not what the API's description promises. */
  public AgentFailure malformed(String detail) {
    return AgentFailure.temporary(
        "provider_malformed",
        "expected an answer of the %s, found something else: %s"
            .formatted(api, shorten(POSITION.matcher(detail).replaceFirst(""))));
  }

  /** There was no event in the answer at all: a proxy's page, say. */
  public AgentFailure noEvents() {
    return AgentFailure.temporary(
        "provider_malformed",
        "expected the events of an answer of the %s, found none; something else may answer there. Check %s"
            .formatted(api, urlVariable));
  }

  /** The answer stopped before its end. */
  public AgentFailure cutOff() {
    return AgentFailure.temporary(
        "provider_stream_cut", "the answer of the " + api + " ended in the middle");
  }

  /** The answer is larger than what is handled. */
  public AgentFailure tooLarge() {
    return AgentFailure.permanent(
        "output_too_large",
        "expected an answer of at most %d bytes of the %s, found more"
            .formatted(AgentResult.MAX_BYTES, api));
  }

  /** The model stopped at its limit of tokens: half a document is none. */
  public AgentFailure outOfTokens() {
    return AgentFailure.permanent(
        "output_too_long",
        "the model reached its limit of tokens before the end of its answer; raise "
            + maxTokensVariable
            + ", or ask for less");
  }

  /** What the model read and wrote is as much as it can hold. */
  public AgentFailure outOfContext() {
    return contextTooLong("the context window of the model is full");
  }

  /** The model refuses. */
  public AgentFailure refused() {
    return AgentFailure.permanent("refused", "the model declined the task; change its description");
  }

  /**
   * How long an answer asks to wait, a day at most.
   *
   * @param headers the values of a header, by its name in lower case
   * @return null if it does not say
   */
  public static @Nullable Duration retryAfter(Function<String, List<String>> headers) {
    Duration wait = RetryAfter.of(headers);
    return wait == null || wait.compareTo(MAX_RETRY_AFTER) <= 0 ? wait : MAX_RETRY_AFTER;
  }

  /**
   * A part of an answer. Servers that only speak like a provider, and proxies on the way, leave
   * parts out, which the SDKs throw on.
   *
   * @param missing what the SDK throws then
   */
  public static <T> Optional<T> given(
      Supplier<Optional<T>> part, Class<? extends RuntimeException> missing) {
    try {
      return part.get();
    } catch (RuntimeException e) {
      if (missing.isInstance(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String shorten(String detail) {
    return Texts.shorten(detail.replaceAll("\\s+", " ").strip(), MAX_DETAIL);
  }
}
