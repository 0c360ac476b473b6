package dev.millrace.gateway.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What a route gives back: an answer, or a stream that lasts. */
public sealed interface Reply permits Answer, Reply.Stream {

  /** HTTP status. */
  int status();

  /** Further headers. */
  Map<String, String> headers();

  /**
   * 200 with a body that is written while it comes into being.
   *
   * @param mediaType media type of the body
   * @param headers further headers
   * @param writer writes the body and returns at its end; fails when the client is gone
   * @param release gives back what the stream holds: once, also where no body is written
   */
  record Stream(String mediaType, Map<String, String> headers, Writer writer, Runnable release)
      implements Reply {

    public Stream {
      headers = Map.copyOf(headers);
    }

    /** A stream of server-sent events, which no proxy is to keep or to hold back. */
    public static Stream ofEvents(Writer writer, Runnable release) {
      return new Stream(
          "text/event-stream",
          Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no"),
          writer,
          release);
    }

    @Override
    public int status() {
      return 200;
    }
  }

  /** Writes a body. */
  @FunctionalInterface
  interface Writer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }
}
