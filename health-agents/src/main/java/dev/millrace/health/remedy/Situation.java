package dev.millrace.health.remedy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.health.metric.MetricWatch;
import dev.millrace.health.status.ProjectHealth;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.schemas.health.HealthAnomaly;
import java.time.Duration;
import java.time.Instant;

/**
 * What a model is told of an anomaly and its project. All of it is data that others wrote.
 *
 * @param anomaly what is wrong
 * @param health what the probes of the project say
 * @param metrics what its metrics say
 * @param state its repairs, and what people decided
 * @param at when
 */
record Situation(
    HealthAnomaly anomaly,
    ProjectHealth health,
    MetricWatch metrics,
    RemediationState state,
    Instant at) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration MEMORY = Duration.ofHours(24);
  private static final int MAX_EVIDENCE_LENGTH = 4_000;
  private static final int MAX_SERIES_LENGTH = 200;

  /** As JSON, of bounded size. */
  String json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("now", at.toString());
    putAnomaly(json.putObject("anomaly"));
    putHealth(json.putObject("health"));
    putMetrics(json.putObject("metrics"));
    putRepairs(json);
    putAnswers(json.putArray("answers_of_people"));
    return json.toString();
  }

  private void putAnomaly(ObjectNode json) {
    json.put("project", anomaly.getProject())
        .put("type", anomaly.getType())
        .put("severity", anomaly.getSeverity().name())
        .put("metric", anomaly.getMetric())
        .put("value", anomaly.getValue())
        .put("threshold", anomaly.getThreshold())
        .put("made_up_for_a_test", anomaly.getSynthetic());
    String evidence = anomaly.getEvidence();
    if (evidence != null) {
      json.put("evidence", Texts.shorten(evidence, MAX_EVIDENCE_LENGTH));
    }
  }

  private void putHealth(ObjectNode json) {
    json.put("status", health.status().name());
    if (health.changedAt() != null) {
      json.put("since", health.changedAt().toString());
    }
    if (health.probedAt() != null) {
      json.put("last_probe_at", health.probedAt().toString());
    }
    ArrayNode probes = json.putArray("last_probes");
    health.looks().forEach(look -> probes.add(look.name()));
  }

  private void putMetrics(ObjectNode json) {
    metrics
        .recent()
        .forEach((series, samples) -> {
          ArrayNode values = json.putArray(Texts.shorten(series, MAX_SERIES_LENGTH));
          samples.forEach(sample ->
              values.addObject().put("value", sample.value()).put("at", sample.at().toString()));
        });
  }

  private void putRepairs(ObjectNode json) {
    ArrayNode ended = json.putArray("repairs_of_the_last_day");
    ArrayNode running = json.putArray("repairs_under_way");
    state
        .repairs()
        .forEach((action, repairs) -> {
          repairs.past().stream()
              .filter(repair -> repair.at().isAfter(at.minus(MEMORY)))
              .forEach(repair ->
                  ended
                      .addObject()
                      .put("action", action)
                      .put("result", repair.result().name())
                      .put("at", repair.at().toString()));
          if (repairs.runningUntil() != null && at.isBefore(repairs.runningUntil())) {
            running.add(action);
          }
        });
  }

  private void putAnswers(ArrayNode json) {
    state
        .answers()
        .forEach(answer ->
            json.addObject()
                .put("anomaly_type", answer.anomalyType())
                .put("proposed", answer.proposed())
                .put("approved", answer.approved())
                .put("action_instead", answer.action())
                .put("comment", answer.comment())
                .put("at", answer.at().toString()));
  }
}
