package dev.millrace.remediation.hook;

import dev.millrace.runtime.redaction.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * How a hook ended.
 *
 * @param succeeded whether it did what it should
 * @param code exit code of a process or status of an answer, if there was one
 * @param output what it said, shortened and redacted
 * @param reason why it failed
 */
public record HookResult(
    boolean succeeded, @Nullable Integer code, String output, @Nullable String reason) {

  /** Postgres stores no U+0000, and messages of failures quote what others sent. */
  public HookResult {
    reason = reason == null ? null : Redaction.redact(reason.replace("\0", ""));
  }

  static HookResult success(int code, String output) {
    return new HookResult(true, code, output, null);
  }

  /** It failed, with this reason. */
  public static HookResult failure(@Nullable Integer code, String output, String reason) {
    return new HookResult(false, code, output, reason);
  }
}
