package dev.millrace.learning.learner;

import dev.millrace.learning.signal.Freshness;
import java.time.Duration;

/**
 * What holds for all learners.
 *
 * @param freshness how long signals stay fresh
 * @param signalWait how long a plan waits for signals
 * @param sessionsKept sessions remembered of a learner
 */
public record LearnerRules(Freshness freshness, Duration signalWait, int sessionsKept) {}
