package dev.millrace.schemas.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Place of an event in a trace, as of <a href="https://www.w3.org/TR/trace-context/">W3C Trace
 * Context</a>, version 00.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param sampled whether the caller records the trace
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {

  /** Characters of {@code 00-TRACE-SPAN-01}; further versions may append to it. */
  private static final int LENGTH = 55;

  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);

  /** Starts a new trace. */
  public static TraceContext start() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new TraceContext(hex(random.nextLong()) + hex(random.nextLong() | 1), newSpanId(), true);
  }

  /**
   * The trace of an event that came without one: always the same for the same identity, so that an
   * event that is read twice stays in one trace.
   */
  public static TraceContext of(EventId id) {
    byte[] digest = sha256(id.value());
    HexFormat hex = HexFormat.of();
    return new TraceContext(hex.formatHex(digest, 0, 16), hex.formatHex(digest, 16, 24), true);
  }

  /**
   * Reads a {@code traceparent} header; empty when it is not valid, as the specification asks to
   * start a new trace then.
   */
  public static Optional<TraceContext> parse(String traceparent) {
    if (!hasForm(traceparent)) {
      return Optional.empty();
    }
    String version = traceparent.substring(0, 2);
    String traceId = traceparent.substring(3, 35);
    String spanId = traceparent.substring(36, 52);
    int flags = HexFormat.fromHexDigits(traceparent, 53, LENGTH);
    boolean valid =
        !version.equals("ff")
            && (traceparent.length() == LENGTH || !version.equals("00"))
            && !traceId.equals(NO_TRACE)
            && !spanId.equals(NO_SPAN);
    return valid
        ? Optional.of(new TraceContext(traceId, spanId, (flags & 1) == 1))
        : Optional.empty();
  }

  /** By hand, as a regular expression takes much of the time that an app has for an event. */
  private static boolean hasForm(String traceparent) {
    return traceparent.length() >= LENGTH
        && isHex(traceparent, 0, 2)
        && traceparent.charAt(2) == '-'
        && isHex(traceparent, 3, 35)
        && traceparent.charAt(35) == '-'
        && isHex(traceparent, 36, 52)
        && traceparent.charAt(52) == '-'
        && isHex(traceparent, 53, LENGTH)
        && (traceparent.length() == LENGTH || traceparent.charAt(LENGTH) == '-');
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** A new span in the same trace. */
  public TraceContext child() {
    return new TraceContext(traceId, newSpanId(), sampled);
  }

  /** Value of the {@code traceparent} header. */
  public String traceparent() {
    return "00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00");
  }

  private static String newSpanId() {
    return hex(ThreadLocalRandom.current().nextLong() | 1);
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
