package dev.millrace.audit.replay;

/**
 * What a replay is going to do.
 *
 * @param total records it will look at
 * @param position where it begins and where it ends
 * @param isExact whether all of them match
 */
record Plan(long total, Position position, boolean isExact) {}
