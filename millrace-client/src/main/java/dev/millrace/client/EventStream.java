package dev.millrace.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A live stream of events, for one thread. {@link #hasNext} waits for the next. Where the gateway
 * keeps the events, a connection that breaks is opened again and goes on after the last one; the
 * stream ends when the gateway says that what it follows is over, or when it is closed.
 */
public final class EventStream implements Iterator<ServerEvent>, AutoCloseable {

  private static final String END = "end";
  private static final int MAX_RECONNECTS = 20;
  static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

  private final Function<Optional<String>, InputStream> open;
  private final boolean resumable;
  private final Duration reconnectPause;
  private BufferedReader lines;
  private Optional<String> lastId = Optional.empty();
  private @Nullable ServerEvent next;
  private int reconnects;
  private boolean ended;

  private EventStream(
      Function<Optional<String>, InputStream> open, boolean resumable, Duration reconnectPause) {
    this.open = open;
    this.resumable = resumable;
    this.reconnectPause = reconnectPause;
    this.lines = reader(open.apply(Optional.empty()));
  }

  /**
   * A stream that goes on after a break.
   *
   * @param open opens the stream after the event of a number, or from its beginning
   * @param reconnectPause wait before each try to open it again
   */
  static EventStream resumable(
      Function<Optional<String>, InputStream> open, Duration reconnectPause) {
    return new EventStream(open, true, reconnectPause);
  }

  /** A stream of what comes from now on; what a break would lose is not sent again. */
  static EventStream fromNow(Supplier<InputStream> open) {
    return new EventStream(first -> open.get(), false, RECONNECT_PAUSE);
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  @Override
  public boolean hasNext() {
    while (next == null && !ended) {
      advance();
    }
    return next != null;
  }

  @Override
  public ServerEvent next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the stream has ended");
    }
    ServerEvent event = next;
    next = null;
    if (event == null) {
      throw new IllegalStateException("there was a next event");
    }
    return event;
  }

  private void advance() {
    try {
      Optional<ServerEvent> read = read();
      if (read.isEmpty()) {
        reconnect(null);
      } else if (read.get().name().equals(END)) {
        close();
      } else {
        reconnects = 0;
        lastId = read.get().id().or(() -> lastId);
        next = read.get();
      }
    } catch (IOException e) {
      reconnect(e);
    }
  }

  /** The next event; empty when the connection ended. */
  private Optional<ServerEvent> read() throws IOException {
    Optional<String> id = Optional.empty();
    String name = "message";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        if (data.length() > 0) {
          return Optional.of(new ServerEvent(id, name, Transport.JSON.readTree(data.toString())));
        }
        continue;
      }
      int colon = line.indexOf(':');
      String value = colon < 0 ? "" : line.substring(colon + 1).stripLeading();
      switch (colon < 0 ? line : line.substring(0, colon)) {
        case "id" -> id = Optional.of(value);
        case "event" -> name = value;
        case "data" -> data.append(value);
        default -> {} // comments keep the connection alive, and other fields mean nothing here
      }
    }
    return Optional.empty();
  }

  private void reconnect(@Nullable IOException cause) {
    if (ended) {
      return;
    }
    if (cause instanceof JsonProcessingException) {
      throw MillraceException.noAnswer("expected JSON in the stream, found something else", cause);
    }
    closeConnection();
    lines = reader(reopen(cause));
  }

  /** Opens the stream after the last event, if one came, as soon as the gateway lets it. */
  private InputStream reopen(@Nullable Exception broken) {
    Exception cause = broken;
    while (resumable && reconnects++ < MAX_RECONNECTS) {
      Transport.pause(reconnectPause);
      try {
        return open.apply(lastId);
      } catch (MillraceException e) {
        if (!Retries.isAway(e)) {
          ended = true;
          throw e;
        }
        cause = e;
      }
    }
    ended = true;
    throw MillraceException.noAnswer("the stream broke off before its end", cause);
  }

  private void closeConnection() {
    try {
      lines.close();
    } catch (IOException e) {
      throw MillraceException.noAnswer("the stream cannot be closed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    ended = true;
    closeConnection();
  }
}
