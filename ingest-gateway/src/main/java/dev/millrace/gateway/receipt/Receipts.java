package dev.millrace.gateway.receipt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.gateway.Receipt;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Accepts each request once. A receipt is written together with the event; a request counts as
 * accepted when both are durable. Receipts come back from their topic at start and while running,
 * so that a restart forgets none and other instances know them too.
 *
 * <p>Of identical requests at the same moment one is accepted; the others wait and get its answer.
 * Between two instances, and after a crash between event and receipt, an event may be written
 * twice: it then has the same identity, which makes its effects the same. So has one that is tried
 * again because it was not acknowledged in time.
 */
public final class Receipts {

  /** Requests whose identity is kept although they failed, at most. */
  private static final int MAX_UNSETTLED = 100_000;

  private final ReceiptLog log;
  private final Clock clock;
  private final ReceiptMemory known;
  private final ConcurrentMap<String, CompletableFuture<StoredReceipt>> inFlight =
      new ConcurrentHashMap<>();

  /** Identities of requests that failed and may have been accepted all the same, by their key. */
  private final Cache<String, EventId> unsettled =
      Caffeine.newBuilder()
          .maximumSize(MAX_UNSETTLED)
          .expireAfterWrite(ReceiptKey.IDEMPOTENCY_VALIDITY)
          .executor(Runnable::run)
          .build();

  /** Starts to accept a request. */
  @FunctionalInterface
  public interface Accepting {
    Acceptance start() throws InterruptedException;
  }

  /**
   * @param maxEntries receipts in memory at most; the oldest are forgotten first
   */
  public Receipts(EventSink sink, int maxEntries, Clock clock) {
    this.log = new ReceiptLog(sink, turn -> Thread.ofVirtual().name("receipts").start(turn));
    this.clock = clock;
    this.known = new ReceiptMemory(maxEntries, clock);
  }

  /** Takes up a receipt from the topic, unless it is known. */
  public void learn(Receipt receipt) {
    StoredReceipt own = known.find(receipt.getReceiptKey());
    if (own != null && !own.acceptedAt().isBefore(receipt.getAcceptedAt())) {
      return;
    }
    StoredReceipt stored = StoredReceipt.of(receipt);
    if (ReceiptKey.answers(receipt.getReceiptKey(), stored, clock.instant())) {
      known.keep(receipt.getReceiptKey(), stored);
    }
  }

  /** Receipts in memory. */
  public int size() {
    return known.size();
  }

  /** Receipts that had to make room for newer ones while they were still valid. */
  public long forgotten() {
    return known.forgotten();
  }

  /**
   * Identity of what a request leads to when it is accepted now: under a key that of an attempt
   * before whose end is not known, and without one new each time.
   */
  public EventId identity(Optional<ReceiptKey> key) {
    return key.map(this::identity).orElseGet(EventId::random);
  }

  private EventId identity(ReceiptKey key) {
    EventId before = unsettled.getIfPresent(key.value());
    return before == null
        ? key.identity(clock.instant().atZone(ZoneOffset.UTC).toLocalDate())
        : before;
  }

  /**
   * Accepts a request unless it was accepted before.
   *
   * @param digest digest of the request, or null when the key alone tells requests apart
   * @param context context of the event; the receipt is in the same trace
   * @param accepting called at most once
   * @throws dev.millrace.runtime.kafka.PublishException if it could not be accepted
   */
  public Outcome once(
      ReceiptKey key, @Nullable String digest, EventContext context, Accepting accepting)
      throws InterruptedException {
    CompletableFuture<StoredReceipt> mine = new CompletableFuture<>();
    CompletableFuture<StoredReceipt> other = inFlight.putIfAbsent(key.value(), mine);
    if (other != null) {
      return repeated(await(other), digest);
    }
    try {
      StoredReceipt before = valid(key);
      StoredReceipt receipt = before == null ? accept(key, digest, context, accepting) : before;
      mine.complete(receipt);
      return before == null ? new Outcome.Accepted(receipt) : repeated(receipt, digest);
    } catch (RuntimeException | InterruptedException e) {
      if (!key.isDelivery()) {
        unsettled.put(key.value(), context.id());
      }
      mine.completeExceptionally(e);
      throw e;
    } finally {
      inFlight.remove(key.value(), mine);
    }
  }

  /**
   * Answers a request: once for a key, and every time without one.
   *
   * @param said what the request says, by which another request under the same key is told
   * @param context context of the event, whose identity is that of {@link #identity(Optional)}
   * @throws dev.millrace.gateway.http.ProblemException 422 if the key was used for another request
   * @see #once
   */
  public Answer answer(
      Optional<ReceiptKey> key, byte[] said, EventContext context, Accepting accepting)
      throws InterruptedException {
    if (key.isEmpty()) {
      Acceptance accepted = accepting.start();
      Acknowledgement.await(accepted.written());
      return Answer.json(accepted.status(), accepted.response());
    }
    Outcome outcome = once(key.get(), IdempotencyKey.digest(said), context, accepting);
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
      ReceiptKey key, @Nullable String digest, EventContext context, Accepting accepting)
      throws InterruptedException {
    Acceptance accepted = accepting.start();
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
    known.keep(key.value(), stored);
    return stored;
  }

  private @Nullable StoredReceipt valid(ReceiptKey key) {
    StoredReceipt receipt = known.find(key.value());
    return receipt != null && ReceiptKey.answers(key.value(), receipt, clock.instant())
        ? receipt
        : null;
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
