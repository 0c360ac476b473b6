package dev.millrace.gateway.http;

import java.io.IOException;

/**
 * A path that serves a WebSocket. A route for GET at the same path answers who is not let in, or
 * does not ask for one.
 *
 * @param opener lets a client in
 */
public record SocketRoute(String path, Opener opener) {

  /** Lets clients in. */
  @FunctionalInterface
  public interface Opener {

    /**
     * Begins to talk to a client.
     *
     * @throws ProblemException if the client is not let in
     */
    Conversation open(Call call);
  }

  /** What is said to a client; nothing is expected from it. */
  public interface Conversation {

    /** Sends messages until there are no more. */
    void write(Messages messages) throws IOException, InterruptedException;

    /** The client is gone, or is to go: {@link #write} returns soon. */
    void end();
  }

  /** The way to the client. */
  public interface Messages {

    /** Sends a text. */
    void send(String text) throws IOException;

    /** Shows that nothing is broken; the client answers by itself. */
    void ping() throws IOException;
  }
}
