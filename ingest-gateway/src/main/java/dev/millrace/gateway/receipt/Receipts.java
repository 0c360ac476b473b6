package dev.millrace.gateway.receipt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.gateway.Receipt;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepts each request once. A receipt is written together with the event; a request counts as
 * accepted when both are durable. Receipts come back from their topic at start and while running,
 * so that a restart forgets none and other instances know them too.
 *
 * <p>Of identical requests at the same moment one is accepted; the others wait and get its answer.
 * Between two instances, and after a crash between event and receipt, an event may be written
 * twice: it then has the same identity, which makes its effects the same.
 */
public final class Receipts {

  private final ReceiptLog log;
  private final Clock clock;
  private final Cache<String, StoredReceipt> known;
  private final ConcurrentMap<String, CompletableFuture<StoredReceipt>> inFlight =
      new ConcurrentHashMap<>();

  /**
   * @param maxEntries receipts in memory at most; the oldest are forgotten first
   */
  public Receipts(EventSink sink, int maxEntries, Clock clock) {
    this.log = new ReceiptLog(sink, turn -> Thread.ofVirtual().name("receipts").start(turn));
    this.clock = clock;
    this.known =
        Caffeine.newBuilder()
            .maximumSize(maxEntries)
            // Tending it takes less than handing that to another thread, for every request.
            .executor(Runnable::run)
            .expireAfter(Expiry.<String, StoredReceipt>creating((_, receipt) -> remaining(receipt)))
            .build();
  }

  /** Takes up a receipt from the topic, unless it is known. */
  public void learn(Receipt receipt) {
    StoredReceipt own = known.getIfPresent(receipt.getReceiptKey());
    if (own != null && !own.acceptedAt().isBefore(receipt.getAcceptedAt())) {
      return;
    }
    StoredReceipt stored = StoredReceipt.of(receipt);
    if (!remaining(stored).isZero()) {
      known.put(receipt.getReceiptKey(), stored);
    }
  }

  /** Receipts in memory, about. */
  public long size() {
    return known.estimatedSize();
  }

  /**
   * Accepts a request unless it was accepted before.
   *
   * @param digest digest of the request, or null when the key alone tells requests apart
   * @param context context of the event; the receipt is in the same trace
   * @param acceptance starts to accept it; called at most once
   * @throws dev.millrace.runtime.kafka.PublishException if it could not be accepted
   */
  public Outcome once(
      ReceiptKey key,
      @Nullable String digest,
      EventContext context,
      Supplier<Acceptance> acceptance)
      throws InterruptedException {
    CompletableFuture<StoredReceipt> mine = new CompletableFuture<>();
    CompletableFuture<StoredReceipt> other = inFlight.putIfAbsent(key.value(), mine);
    if (other != null) {
      return repeated(await(other), digest);
    }
    try {
      StoredReceipt before = valid(key);
      StoredReceipt receipt = before == null ? accept(key, digest, context, acceptance) : before;
      mine.complete(receipt);
      return before == null ? new Outcome.Accepted(receipt) : repeated(receipt, digest);
    } catch (RuntimeException | InterruptedException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      inFlight.remove(key.value(), mine);
    }
  }

  /**
   * Answers a request of a client: once for a key, and every time without one.
   *
   * @param body body of the request, by which another request under the same key is told
   * @throws dev.millrace.gateway.http.ProblemException 422 if the key was used for another request
   * @see #once
   */
  public Answer answer(
      String client,
      Optional<IdempotencyKey> key,
      byte[] body,
      EventContext context,
      Supplier<Acceptance> acceptance)
      throws InterruptedException {
    if (key.isEmpty()) {
      Acceptance accepted = acceptance.get();
      Acknowledgement.await(accepted.written());
      return Answer.json(accepted.status(), accepted.response());
    }
    Outcome outcome =
        once(
            ReceiptKey.idempotency(client, key.get().value()),
            IdempotencyKey.digest(body),
            context,
            acceptance);
    return switch (outcome) {
      case Outcome.Accepted accepted ->
          Answer.json(accepted.receipt().status(), accepted.receipt().response());
      case Outcome.Repeated repeated ->
          Answer.json(repeated.receipt().status(), repeated.receipt().response())
              .withHeaders(IdempotencyKey.REPLAYED);
      case Outcome.Conflict _ -> throw IdempotencyKey.reused();
    };
  }

  private StoredReceipt accept(
      ReceiptKey key,
      @Nullable String digest,
      EventContext context,
      Supplier<Acceptance> acceptance)
      throws InterruptedException {
    Acceptance accepted = acceptance.get();
    Receipt receipt =
        Receipt.newBuilder()
            .setReceiptKey(key.value())
            .setEventId(accepted.eventId())
            .setStatus(accepted.status())
            .setResponse(accepted.response())
            .setRequestDigest(digest)
            .setAcceptedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
            .build();
    Acknowledgement.await(accepted.written(), log.append(receipt, context));
    StoredReceipt stored = StoredReceipt.of(receipt);
    known.put(key.value(), stored);
    return stored;
  }

  private @Nullable StoredReceipt valid(ReceiptKey key) {
    StoredReceipt receipt = known.getIfPresent(key.value());
    return receipt != null && receipt.acceptedAt().plus(key.validity()).isAfter(clock.instant())
        ? receipt
        : null;
  }

  private Duration remaining(StoredReceipt receipt) {
    Duration left =
        Duration.between(clock.instant(), receipt.acceptedAt().plus(ReceiptKey.DELIVERY_VALIDITY));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static Outcome repeated(StoredReceipt receipt, @Nullable String digest) {
    return digest == null || Objects.equals(digest, receipt.requestDigest())
        ? new Outcome.Repeated(receipt)
        : new Outcome.Conflict(receipt);
  }

  private static StoredReceipt await(CompletableFuture<StoredReceipt> other)
      throws InterruptedException {
    try {
      return other.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(Causes.unwrap(e));
    }
  }
}
