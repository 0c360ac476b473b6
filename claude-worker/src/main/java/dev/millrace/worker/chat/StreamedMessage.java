package dev.millrace.worker.chat;

import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.ApiFailures;
import dev.millrace.worker.chat.ChatModel.Reply;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A message of a model as its events arrive: what all providers' calls have in common.
 *
 * @param <E> events of the provider's stream
 */
public interface StreamedMessage<E> {

  /** Takes an event; false when the answer is too large. */
  boolean add(E event);

  /** What the message is after the last event. */
  Reply reply();

  /** Reports what was used, also by a message that broke off: it is paid for as well. */
  void reportUsage();

  /** A call of a provider, which answers with a stream. */
  @FunctionalInterface
  interface Exchange<E> {

    /**
     * Calls, and gives all events away until there are no more or one is not taken.
     *
     * @return whether all were taken
     */
    boolean untilEnd(Predicate<E> taker);
  }

  /**
   * Calls a provider and reads its answer.
   *
   * @param api whose failures these are
   * @param failures what an exception of the provider's SDK means; throws all others again
   * @throws InterruptedException if the run was ended meanwhile
   */
  static <E> Reply read(
      StreamedMessage<E> message,
      ApiFailures api,
      Exchange<E> exchange,
      Function<RuntimeException, AgentFailure> failures)
      throws InterruptedException {
    try {
      return exchange.untilEnd(message::add) ? message.reply() : new Reply.Broke(api.tooLarge());
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the model answered");
      }
      return new Reply.Broke(failures.apply(e));
    } finally {
      message.reportUsage();
    }
  }
}
