package dev.millrace.gateway.receipt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.schemas.event.EventId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Commands of clients. One with an {@code Idempotency-Key} is given once, and answered the same
 * when it comes again: also when it would not fit any more, because it was obeyed.
 */
public final class KeyedCommands {

  private final Receipts receipts;

  public KeyedCommands(Receipts receipts) {
    this.receipts = receipts;
  }

  /** Gives a command. */
  @FunctionalInterface
  public interface Giving {

    /**
     * Answers when the command is on record.
     *
     * @param id identity of the command
     */
    Answer give(EventId id) throws InterruptedException;
  }

  /**
   * Answers a call that commands something.
   *
   * @param said what its body says, by which another command under the same key is told
   * @throws dev.millrace.gateway.http.ProblemException 422 if the key was used for another command
   */
  public Answer answer(Call call, String client, String said, Giving giving)
      throws InterruptedException {
    Optional<ReceiptKey> key =
        IdempotencyKey.of(call).map(value -> ReceiptKey.command(client, call.path(), value));
    EventId id = receipts.identity(key);
    if (key.isEmpty()) {
      return giving.give(id);
    }
    return receipts.answer(key, said.getBytes(UTF_8), call.event(id), () -> given(id, giving));
  }

  private static Acceptance given(EventId id, Giving giving) throws InterruptedException {
    Answer answer = giving.give(id);
    return new Acceptance(
        id.value(), answer.status(), answer.text(), CompletableFuture.completedFuture(null));
  }
}
