package dev.millrace.runtime.redaction;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes out of a text what looks like a credential. It is the last resort, for text that others
 * wrote, such as the output of a process; what Millrace writes holds none to begin with.
 */
public final class Redaction {

  /** What stands in place of what was taken out. */
  public static final String REDACTED = "[redacted]";

  private static final List<Pattern> CREDENTIALS =
      List.of(
          Pattern.compile("\\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{16,}"),
          Pattern.compile(
              "-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?"),
          Pattern.compile("\\bA(?:KIA|SIA)[A-Z0-9]{16}\\b"),
          Pattern.compile("\\bgh[pousr]_[A-Za-z0-9]{20,}"),
          Pattern.compile("\\bgithub_pat_[A-Za-z0-9_]{20,}"),
          Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"),
          Pattern.compile("(?i)(?<=bearer )[A-Za-z0-9._~+/=-]{12,}"),
          Pattern.compile("(?<=://)[^/@\\s:]+:[^/@\\s]+(?=@)"),
          Pattern.compile(
              "(?i)(?<=(?:password|secret|token|api[_-]?key)[\"']?[=:]\\s{0,2}[\"']?)[^\\s\"'&,;]{6,}"));

  private Redaction() {}

  /** The text without credentials. */
  public static String redact(String text) {
    String redacted = text;
    for (Pattern credential : CREDENTIALS) {
      redacted = credential.matcher(redacted).replaceAll(REDACTED);
    }
    return redacted;
  }
}
