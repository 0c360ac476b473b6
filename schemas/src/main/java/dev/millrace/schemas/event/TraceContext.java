package dev.millrace.schemas.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Place of an event in a trace, as of <a href="https://www.w3.org/TR/trace-context/">W3C Trace
 * Context</a>, version 00.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param sampled whether the caller records the trace
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {

  private static final Pattern TRACEPARENT =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
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
    Matcher matcher = TRACEPARENT.matcher(traceparent);
    if (!matcher.matches()
        || matcher.group(1).equals("ff")
        || (matcher.group(1).equals("00") && matcher.group(5) != null)
        || matcher.group(2).equals(NO_TRACE)
        || matcher.group(3).equals(NO_SPAN)) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(matcher.group(4), 16) & 1) == 1;
    return Optional.of(new TraceContext(matcher.group(2), matcher.group(3), sampled));
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
