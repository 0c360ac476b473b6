package dev.millrace.health.remedy;

import dev.millrace.health.metric.MetricsAnalyzer;
import dev.millrace.health.remedy.Analysis.Proposal;
import dev.millrace.schemas.health.HealthAnomaly;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides by a table, without a model, and says so. Confidence grows a little with how far a value
 * is above its threshold, and falls with every recent repair of that kind that did not help here,
 * and with every time that a person lately did not want it for such an anomaly.
 *
 * <p>What is only going to happen is for a person: for a {@code trend} the action of its metric is
 * proposed, with a confidence that nothing raises.
 */
public final class RuleAnalyzer implements Analyzer {

  /** What analyses of this analyzer are labelled with. */
  public static final String NAME = "rules (offline)";

  private static final Map<String, Rule> RULES =
      Map.of(
          "down", new Rule("restart_service", 0.90, "a service that does not answer comes back"),
          "high_error", new Rule("restart_service", 0.80, "errors often come from a bad state"),
          "high_memory", new Rule("clear_cache", 0.85, "a cache is memory that can be given back"),
          "high_cpu", new Rule("pause_service", 0.80, "a pause keeps others from failing with it"));

  /** Metrics whose growth is known to be helped by the action of their anomaly. */
  private static final Map<String, String> TYPES_OF_GROWTH =
      Map.of(
          "memory_percent", "high_memory",
          "cpu_percent", "high_cpu",
          "error_rate_percent", "high_error");

  private static final String DEGRADED = "degraded";
  private static final double TREND_CONFIDENCE = 0.60;
  private static final Duration MEMORY = Duration.ofHours(24);
  private static final double FAILED_COST = 0.15;
  private static final double REJECTED_COST = 0.15;
  private static final double SKIPPED_COST = 0.10;
  private static final double SUCCEEDED_GAIN = 0.02;
  private static final double EXCESS_GAIN = 0.25;
  private static final double MAX_EXCESS_GAIN = 0.05;
  private static final double MIN_CONFIDENCE = 0.05;
  private static final double MAX_CONFIDENCE = 0.95;

  private record Rule(String action, double confidence, String why) {}

  @Override
  public Analysis analyze(Finding finding) {
    String type = finding.anomaly().getType();
    if (type.equals(DEGRADED)) {
      return new Analysis(
          new Proposal.Watch(),
          MAX_CONFIDENCE,
          "The project is slow or fails now and then, but it answers: watching is enough.",
          NAME);
    }
    boolean isTrend = type.equals(MetricsAnalyzer.TREND);
    Rule rule = isTrend ? ruleOfTrend(finding.anomaly()) : RULES.get(type);
    if (rule == null) {
      return unknown(type);
    }
    return apply(rule, finding, isTrend ? TREND_CONFIDENCE : MAX_CONFIDENCE);
  }

  private static @Nullable Rule ruleOfTrend(HealthAnomaly anomaly) {
    String type = anomaly.getMetric() == null ? null : TYPES_OF_GROWTH.get(anomaly.getMetric());
    Rule rule = type == null ? null : RULES.get(type);
    return rule == null
        ? null
        : new Rule(rule.action(), TREND_CONFIDENCE, "it grows towards what is allowed");
  }

  private static Analysis unknown(String type) {
    return new Analysis(
        new Proposal.AskPerson(),
        0,
        "There is no rule for '" + type + "': a person must look.",
        NAME);
  }

  private static Analysis apply(Rule rule, Finding finding, double maxConfidence) {
    Instant since = finding.at().minus(MEMORY);
    List<PastRepair> recent =
        finding.past().getOrDefault(rule.action(), List.of()).stream()
            .filter(repair -> repair.at().isAfter(since))
            .toList();
    long rejections =
        finding.answers().stream()
            .filter(answer -> answer.at().isAfter(since))
            .filter(answer -> answer.rejects(finding.anomaly().getType(), rule.action()))
            .count();
    double confidence =
        rule.confidence()
            + excessGain(finding.anomaly())
            + recent.stream().mapToDouble(RuleAnalyzer::gain).sum()
            - rejections * REJECTED_COST;
    double rounded =
        Math.round(Math.clamp(confidence, MIN_CONFIDENCE, maxConfidence) * 100) / 100.0;
    return new Analysis(
        new Proposal.Act(rule.action()),
        rounded,
        reasoning(rule, finding.anomaly(), recent, rejections),
        NAME);
  }

  private static double gain(PastRepair repair) {
    return switch (repair.result()) {
      case SUCCEEDED -> SUCCEEDED_GAIN;
      case FAILED -> -FAILED_COST;
      case SKIPPED -> -SKIPPED_COST;
    };
  }

  private static double excessGain(HealthAnomaly anomaly) {
    return excess(anomaly)
        .map(share -> Math.clamp(share * EXCESS_GAIN, 0, MAX_EXCESS_GAIN))
        .orElse(0.0);
  }

  /** How far the value is above the threshold, as a share of it. */
  private static Optional<Double> excess(HealthAnomaly anomaly) {
    Double value = anomaly.getValue();
    Double threshold = anomaly.getThreshold();
    return value == null || threshold == null || threshold <= 0
        ? Optional.empty()
        : Optional.of((value - threshold) / threshold);
  }

  private static String reasoning(
      Rule rule, HealthAnomaly anomaly, List<PastRepair> recent, long rejections) {
    StringBuilder text = new StringBuilder(anomaly.getType());
    if (anomaly.getMetric() != null
        && anomaly.getValue() != null
        && anomaly.getThreshold() != null) {
      text.append(
          String.format(
              Locale.ROOT,
              ": %s is %.1f, allowed are %.1f",
              anomaly.getMetric(),
              anomaly.getValue(),
              anomaly.getThreshold()));
    }
    text.append(". Proposed is ").append(rule.action()).append(": ").append(rule.why()).append('.');
    long useless = recent.stream().filter(r -> r.result() != PastRepair.Result.SUCCEEDED).count();
    if (useless > 0) {
      text.append(" In the last day it did not help here ").append(useless).append(" times.");
    }
    long helped = recent.size() - useless;
    if (helped > 0) {
      text.append(" In the last day it helped here ").append(helped).append(" times.");
    }
    if (rejections > 0) {
      text.append(" In the last day people did not want it here ")
          .append(rejections)
          .append(" times.");
    }
    return text.toString();
  }
}
