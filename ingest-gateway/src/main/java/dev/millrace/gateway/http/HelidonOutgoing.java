package dev.millrace.gateway.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A response as Helidon takes it; to HEAD it has no body (RFC 9110, section 9.3.2). */
final class HelidonOutgoing {

  private final ServerResponse response;
  private final boolean headersOnly;

  HelidonOutgoing(ServerRequest request, ServerResponse response) {
    this.response = response;
    this.headersOnly = request.prologue().method().equals(Method.HEAD);
  }

  void header(String name, String value) {
    response.header(name, value);
  }

  void header(Header header) {
    response.header(header);
  }

  /** Sends an answer. A stream is only prepared: it is for {@link #finish} to send and to end. */
  void send(Reply reply) {
    response.status(Status.create(reply.status()));
    reply.headers().forEach(response::header);
    switch (reply) {
      case Answer answer -> sendAnswer(answer);
      case Reply.Stream stream -> response.header(HeaderNames.CONTENT_TYPE, stream.mediaType());
    }
  }

  /**
   * Sends a stream, with its body where there is to be one, until it ends.
   *
   * @throws CloseConnectionException if its client is gone, which is how most streams end
   */
  void finish(Reply reply) {
    if (reply instanceof Reply.Stream stream) {
      try {
        write(stream);
      } finally {
        stream.release().run();
      }
    }
  }

  private void write(Reply.Stream stream) {
    if (headersOnly) {
      response.send();
      return;
    }
    try (OutputStream out = response.outputStream()) {
      stream.writer().write(out);
    } catch (IOException | UncheckedIOException e) {
      throw new CloseConnectionException("the client of a stream is gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendAnswer(Answer answer) {
    int length = answer.body().length;
    if (length > 0) {
      response.header(HeaderNames.CONTENT_TYPE, answer.mediaType());
    }
    if (headersOnly) {
      response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(length));
    }
    if (length == 0 || headersOnly) {
      response.send();
    } else {
      response.send(answer.body());
    }
  }
}
