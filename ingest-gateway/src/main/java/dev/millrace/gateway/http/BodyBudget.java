package dev.millrace.gateway.http;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory that the bodies of all calls in flight take together. */
final class BodyBudget {

  private final long maxBytes;
  private final AtomicLong reserved = new AtomicLong();

  BodyBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Sets bytes aside.
   *
   * @throws ProblemException if there are not that many left
   */
  void reserve(long bytes) {
    if (reserved.addAndGet(bytes) > maxBytes) {
      reserved.addAndGet(-bytes);
      throw ProblemException.overloaded(
          "too many large bodies are being read at the moment; send the request again");
    }
  }

  void release(long bytes) {
    reserved.addAndGet(-bytes);
  }
}
