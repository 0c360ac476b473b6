package dev.millrace.audit.replay;

/**
 * What a replay is going to do.
 *
 * @param total records it will look at
 * @param redacted records that match and that the mirror does not have as they were: a replay to
 *     topics leaves them out of the total
 * @param position where it begins and where it ends
 * @param isExact whether all of them match
 */
record Plan(long total, long redacted, Position position, boolean isExact) {}
