package dev.millrace.worker.chat;

import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.Answer;
import dev.millrace.worker.agent.ApiFailures;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.chat.ChatModel.Call;
import dev.millrace.worker.chat.ChatModel.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A message of a model as its events arrive: what all providers' calls have in common. What the
 * events of a provider say is the subclass's. Not for several threads.
 *
 * @param <E> events of the provider's stream
 */
public abstract class StreamedMessage<E> {

  private final ApiFailures api;
  private final RunReporter reporter;
  private final Answer answer;
  private long argumentsLength;
  private boolean begun;

  /**
   * @param api whose failures these are
   */
  protected StreamedMessage(ApiFailures api, RunReporter reporter) {
    this.api = api;
    this.reporter = reporter;
    this.answer = new Answer(reporter);
  }

  /** What an event adds: to the text, and to the arguments of calls of tools. */
  public record Piece(String text, String arguments) {}

  /** Why a message stopped. */
  public enum Stop {
    /** It did not: the stream ended before. */
    CUT_OFF,
    /** At the limit of tokens of an answer. */
    OUT_OF_TOKENS,
    /** The model can read no more. */
    OUT_OF_CONTEXT,
    REFUSED,
    /** It calls tools. */
    CALLS,
    DONE
  }

  /** Takes an event in. */
  protected abstract Piece take(E event);

  /** Why it stopped, as far as the events tell. */
  protected abstract Stop stop();

  /** The calls of tools of a message that makes any. */
  protected abstract List<Call> calls();

  /** The model that answers. */
  protected abstract String model();

  /** What was used, as far as the events tell. */
  protected abstract Optional<TokenUsage> usage();

  /** A call of a provider, which answers with a stream. */
  @FunctionalInterface
  public interface Exchange<E> {

    /**
     * Calls, and gives all events away until there are no more or one is not taken.
     *
     * @return whether all were taken
     */
    boolean untilEnd(Predicate<E> taker);
  }

  /**
   * Calls a provider and reads its answer. What was used is reported, also by a message that broke
   * off: it is paid for as well.
   *
   * @param failures what an exception of the provider's SDK means; throws all others again
   * @throws InterruptedException if the run was ended meanwhile
   */
  public final Reply read(Exchange<E> exchange, Function<RuntimeException, AgentFailure> failures)
      throws InterruptedException {
    try {
      return exchange.untilEnd(this::add) ? reply() : new Reply.Broke(api.tooLarge());
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the model answered");
      }
      return new Reply.Broke(failures.apply(e));
    } finally {
      usage().ifPresent(reporter::usage);
    }
  }

  /** Takes an event; false when the answer is too large. */
  private boolean add(E event) {
    begun = true;
    Piece piece = take(event);
    argumentsLength += piece.arguments().length();
    return argumentsLength <= AgentResult.MAX_BYTES && answer.append(piece.text());
  }

  /** What makes calls unanswerable: each answer names the call that it is for. */
  private static Optional<String> wrong(List<Call> calls) {
    if (calls.isEmpty()) {
      return Optional.of("a call of no tool");
    }
    Set<String> ids = new HashSet<>();
    return calls.stream()
        .map(Call::id)
        .filter(id -> !ids.add(id))
        .findFirst()
        .map(id -> "two calls with the id '" + id + "'");
  }

  private Reply reply() {
    String text = answer.end();
    return switch (stop()) {
      case CUT_OFF -> new Reply.Broke(begun ? api.cutOff() : api.noEvents());
      case OUT_OF_TOKENS -> new Reply.Broke(api.outOfTokens());
      case OUT_OF_CONTEXT -> new Reply.Broke(api.outOfContext());
      case REFUSED -> new Reply.Broke(api.refused());
      case CALLS -> {
        List<Call> calls = calls();
        Optional<String> wrong = wrong(calls);
        yield wrong.isEmpty()
            ? new Reply.Calls(calls)
            : new Reply.Broke(api.malformed(wrong.get()));
      }
      case DONE ->
          text.isBlank()
              ? new Reply.Broke(api.malformed("a message without text"))
              : new Reply.Said(text, model());
    };
  }
}
