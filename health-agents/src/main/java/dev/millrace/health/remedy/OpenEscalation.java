package dev.millrace.health.remedy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A finding that waits for a person.
 *
 * @param id identity of the escalation
 * @param anomalyId anomaly it is about
 * @param analysisId analysis it rests on
 * @param anomalyType what is wrong
 * @param action proposed action, if any
 * @param confidence how sure the analysis is
 * @param traceparent trace of the anomaly
 * @param expiresAt when it is too late to decide
 */
public record OpenEscalation(
    String id,
    String anomalyId,
    String analysisId,
    String anomalyType,
    @Nullable String action,
    double confidence,
    String traceparent,
    Instant expiresAt) {}
