package dev.millrace.gateway.http;

import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request, as a route sees it. It belongs to the thread of the request, which is the only one
 * that writes to it.
 */
public final class Call {

  /** Source of the events that calls lead to. */
  public static final String SOURCE = "ingest-gateway";

  private final Incoming incoming;
  private final TraceContext trace;
  private final Map<String, Object> logFields = new LinkedHashMap<>();
  private @Nullable String client;
  private boolean logged;

  /** What the transport knows about a request. */
  public interface Incoming {

    String path();

    Optional<String> header(String name);

    Optional<String> query(String name);

    /** Names of the query parameters. */
    Set<String> queryNames();

    /** A parameter of the path. */
    String parameter(String name);

    String remoteAddress();

    /**
     * The body.
     *
     * @throws ProblemException if it has more bytes than that
     */
    byte[] body(long maxBytes);
  }

  public Call(Incoming incoming, TraceContext trace) {
    this.incoming = incoming;
    this.trace = trace;
  }

  public String path() {
    return incoming.path();
  }

  public Optional<String> header(String name) {
    return incoming.header(name);
  }

  /**
   * A query parameter; one without a value counts as absent.
   *
   * @throws ProblemException if no text of Postgres could be like it
   */
  public Optional<String> query(String name) {
    Optional<String> value = incoming.query(name).filter(text -> !text.isBlank());
    value.ifPresent(text -> StorableText.require(name, text));
    return value;
  }

  /** Names of the query parameters that the client gave, also of those without a value. */
  public Set<String> queryNames() {
    return incoming.queryNames();
  }

  /**
   * A parameter of the path.
   *
   * @throws ProblemException if no text of Postgres could be like it
   */
  public String parameter(String name) {
    String value = incoming.parameter(name);
    StorableText.require(name, value);
    return value;
  }

  public String remoteAddress() {
    return incoming.remoteAddress();
  }

  /**
   * The body, of a JSON request.
   *
   * @throws ProblemException if it has more bytes than that, or claims not to be JSON
   */
  public byte[] jsonBody(long maxBytes) {
    String mediaType = header("Content-Type").orElse("application/json");
    int parameters = mediaType.indexOf(';');
    String essence = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
    if (!essence.strip().equalsIgnoreCase("application/json")) {
      throw ProblemException.unsupportedMediaType(
          "Content-Type: expected application/json, found " + essence.strip());
    }
    return incoming.body(maxBytes);
  }

  /**
   * The body, of any type.
   *
   * @throws ProblemException if it has more bytes than that
   */
  public byte[] body(long maxBytes) {
    return incoming.body(maxBytes);
  }

  /** A whole number in the query, within a range. */
  public int queryInteger(String name, int defaultValue, int min, int max) {
    Optional<String> text = query(name);
    if (text.isEmpty()) {
      return defaultValue;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notInRange(name, min, max);
    }
    throw notInRange(name, min, max);
  }

  private static ProblemException notInRange(String name, int min, int max) {
    return ProblemException.invalid(name, "expected a whole number from " + min + " to " + max);
  }

  public TraceContext trace() {
    return trace;
  }

  /** Context of an event that the call leads to. */
  public EventContext event(EventId id) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new EventContext(id, SOURCE, now, trace.child(), null);
  }

  /** Name of the client, once it is known. */
  public @Nullable String client() {
    return client;
  }

  public void identified(String name) {
    this.client = name;
  }

  /** Adds a field to the line that the call leaves in the log. */
  public void log(String field, Object value) {
    logFields.put(field, value);
  }

  /** Has the call leave a line in the log however it ends, not only when it fails. */
  public void logAlways() {
    this.logged = true;
  }

  boolean isLoggedAlways() {
    return logged;
  }

  public Map<String, Object> logFields() {
    return Collections.unmodifiableMap(logFields);
  }
}
