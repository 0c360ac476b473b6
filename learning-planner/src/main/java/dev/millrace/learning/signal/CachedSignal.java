package dev.millrace.learning.signal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The latest signal of an agent about a learner.
 *
 * @param content what it says; empty until the agent answered once
 * @param etag version of the content
 * @param observedAt when it was true; null until the agent answered once
 */
public record CachedSignal(
    SignalContent content, @Nullable String etag, @Nullable Instant observedAt) {

  /** Nothing was heard of the agent yet. */
  public static final CachedSignal NONE = new CachedSignal(SignalContent.EMPTY, null, null);

  /** Whether the agent ever answered. */
  public boolean available() {
    return observedAt != null;
  }

  /** Whether the answer is within the agent's window at that time. */
  public boolean freshAt(Instant now, SignalAgent agent, Freshness freshness) {
    return observedAt != null && now.isBefore(freshness.freshUntil(agent, observedAt));
  }

  /** Whether a plan made at that time may do without a newer answer. */
  public boolean usableAt(Instant now, SignalAgent agent, Freshness freshness) {
    return observedAt != null && !now.isAfter(freshness.usableUntil(agent, observedAt));
  }

  /**
   * The agent says that the content of this ETag still holds; of another one that means nothing.
   */
  public CachedSignal unchanged(@Nullable String answerEtag, Instant at) {
    return answerEtag != null && answerEtag.equals(etag)
        ? new CachedSignal(content, etag, at)
        : this;
  }

  /** An answer: the same ETag keeps the content and only makes it fresh again. */
  public CachedSignal answered(SignalContent answer, @Nullable String answerEtag, Instant at) {
    boolean same = answerEtag != null && answerEtag.equals(etag);
    return new CachedSignal(same ? content : answer, answerEtag, at);
  }
}
