package dev.millrace.learning.learner;

import dev.millrace.learning.signal.Freshness;
import java.time.Duration;

/**
 * What holds for all learners.
 *
 * @param freshness how long signals stay fresh
 * @param signalWait how long a plan waits for signals
 * @param agentsAreCalled whether agents are called, so that one that is silent has failed; else
 *     they speak when they like
 * @param sessionsKept sessions remembered of a learner
 */
public record LearnerRules(
    Freshness freshness, Duration signalWait, boolean agentsAreCalled, int sessionsKept) {}
