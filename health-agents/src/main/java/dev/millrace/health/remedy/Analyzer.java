package dev.millrace.health.remedy;

/**
 * Finds out what should be done about an anomaly. It is called within the stream and must answer at
 * once; its answer for the same finding is the same.
 */
@FunctionalInterface
public interface Analyzer {

  Analysis analyze(Finding finding);
}
