package dev.millrace.learning.signal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest signal of an agent about a learner.
 *
 * @param content what it says; empty until the agent answered once
 * @param etag version of the content
 * @param observedAt when it was true; null until the agent answered once
 * @param failedAt when the agent failed last, if it did after the latest answer
 * @param failureCode code of that failure
 */
public record CachedSignal(
    SignalContent content,
    @Nullable String etag,
    @Nullable Instant observedAt,
    @Nullable Instant failedAt,
    @Nullable String failureCode) {

  /** Nothing was heard of the agent yet. */
  public static final CachedSignal NONE =
      new CachedSignal(SignalContent.EMPTY, null, null, null, null);

  /** Whether the agent ever answered. */
  public boolean available() {
    return observedAt != null;
  }

  /** Whether the answer is within the agent's window at that time. */
  public boolean freshAt(Instant now, SignalAgent agent, Freshness freshness) {
    return observedAt != null && now.isBefore(freshness.freshUntil(agent, observedAt));
  }

  /** The same, and that the agent failed then. */
  public CachedSignal failed(Instant at, @Nullable String code) {
    return new CachedSignal(content, etag, observedAt, at, code);
  }

  /** An answer: the same ETag keeps the content and only makes it fresh again. */
  public CachedSignal answered(SignalContent answer, @Nullable String answerEtag, Instant at) {
    boolean unchanged = answerEtag != null && answerEtag.equals(etag);
    return new CachedSignal(unchanged ? content : answer, answerEtag, at, null, null);
  }
}
