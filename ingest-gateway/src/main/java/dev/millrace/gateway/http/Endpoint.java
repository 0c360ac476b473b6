package dev.millrace.gateway.http;

/** What stands behind a route. */
@FunctionalInterface
public interface Endpoint {

  /**
   * Answers a call; may block, as every call has a thread of its own.
   *
   * @throws ProblemException if the call is refused
   */
  Reply handle(Call call) throws InterruptedException;
}
