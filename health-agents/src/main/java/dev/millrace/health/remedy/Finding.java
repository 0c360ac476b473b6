package dev.millrace.health.remedy;

import dev.millrace.schemas.health.HealthAnomaly;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What an analyzer looks at.
 *
 * @param anomaly what is wrong
 * @param past what became of earlier repairs of this project, by action, oldest first
 * @param answers what people decided on earlier findings of this project, oldest first
 * @param at when
 */
public record Finding(
    HealthAnomaly anomaly,
    Map<String, List<PastRepair>> past,
    List<PastAnswer> answers,
    Instant at) {

  public Finding {
    past = Map.copyOf(past);
    answers = List.copyOf(answers);
  }
}
