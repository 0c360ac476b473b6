package dev.millrace.health.analyst;

import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import java.time.Instant;
import java.util.List;

/** Requests for a diagnosis. */
final class Requests {

  static final String GOOD =
      "{\"action\": \"clear_cache\", \"confidence\": 0.9, \"reasoning\": \"Memory only grows.\"}";

  private Requests() {}

  static RemediationAnalysisRequest request(String id, String situation, Instant answerBy) {
    return RemediationAnalysisRequest.newBuilder()
        .setRequestId(id)
        .setAnomalyId("anomaly-of-" + id)
        .setProject("email-blast")
        .setAnomalyType("high_memory")
        .setSituation(situation)
        .setActions(List.of("restart_service", "clear_cache", "pause_service"))
        .setRequestedAt(answerBy.minusSeconds(60))
        .setAnswerBy(answerBy)
        .build();
  }
}
