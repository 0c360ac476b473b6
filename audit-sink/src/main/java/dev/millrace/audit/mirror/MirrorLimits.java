package dev.millrace.audit.mirror;

import java.time.Duration;

/**
 * Limits of the mirror.
 *
 * @param batchRows rows of one transaction at most
 * @param batchBytes keys and values of one transaction at most
 * @param retryBackoff longest wait between two tries
 */
public record MirrorLimits(int batchRows, int batchBytes, Duration retryBackoff) {}
