package dev.millrace.worker.media;

import dev.millrace.worker.agent.AgentFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A media service did not do what it was asked. */
final class MediaException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What that says about the request. */
  enum Kind {
    /** It was turned away for now. */
    LIMITED("media_rate_limited", true),
    /** It did not arrive. */
    UNREACHED("media_unreachable", true),
    /** It may have been carried out: its answer was lost, or was none. */
    UNCERTAIN("media_unavailable", true),
    /** The key, or the account, is not good for it. */
    UNAUTHORIZED("media_unauthorized", false),
    /** The request itself was refused. */
    REFUSED("media_rejected", false);

    private final String code;
    private final boolean retryable;

    Kind(String code, boolean retryable) {
      this.code = code;
      this.retryable = retryable;
    }

    static Kind ofStatus(int status) {
      return switch (status) {
        case 401, 402, 403 -> UNAUTHORIZED;
        case 429 -> LIMITED;
        case 408 -> UNCERTAIN;
        default -> status >= 400 && status < 500 ? REFUSED : UNCERTAIN;
      };
    }
  }

  private final Kind kind;
  private final transient @Nullable Duration retryAfter;

  MediaException(Kind kind, String message, @Nullable Duration retryAfter) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  Kind kind() {
    return kind;
  }

  /** How long the service asks to wait; zero if it does not say. */
  Duration retryAfter() {
    return retryAfter == null ? Duration.ZERO : retryAfter;
  }

  /** The failure of a run that it ends. No code blames the provider of the run's agent. */
  AgentFailure failure() {
    return new AgentFailure(kind.code, String.valueOf(getMessage()), kind.retryable, retryAfter);
  }
}
