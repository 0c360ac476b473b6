package dev.millrace.gateway.reply;

import dev.millrace.gateway.http.ProblemException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests that wait for a reply on a topic. A reply that nobody waits for is not for this
 * instance.
 */
public final class Replies<T> {

  private final int maxWaiting;
  private final ConcurrentMap<String, CompletableFuture<T>> waiting = new ConcurrentHashMap<>();

  /**
   * @param maxWaiting requests that wait at the same time, at most
   */
  public Replies(int maxWaiting) {
    this.maxWaiting = maxWaiting;
  }

  /** Waits from now on for the reply to a request: before the request is written. */
  public Pending expect(String requestId) {
    if (waiting.size() >= maxWaiting) {
      throw ProblemException.overloaded(
          "expected at most " + maxWaiting + " requests that wait for a reply");
    }
    CompletableFuture<T> reply = new CompletableFuture<>();
    waiting.put(requestId, reply);
    return new Pending(requestId, reply);
  }

  /** Hands over a reply. */
  public void complete(String requestId, T reply) {
    CompletableFuture<T> pending = waiting.remove(requestId);
    if (pending != null) {
      pending.complete(reply);
    }
  }

  /** A reply that is waited for; closing it gives up. */
  public final class Pending implements AutoCloseable {

    private final String requestId;
    private final CompletableFuture<T> reply;

    private Pending(String requestId, CompletableFuture<T> reply) {
      this.requestId = requestId;
      this.reply = reply;
    }

    /** The reply, if it comes in time. */
    public Optional<T> await(Duration timeout) throws InterruptedException {
      try {
        return Optional.of(reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        return Optional.empty();
      } catch (ExecutionException e) {
        throw new IllegalStateException("replies do not fail", e);
      }
    }

    @Override
    public void close() {
      waiting.remove(requestId, reply);
    }
  }
}
