package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.StorableJson;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.event.EventNames;
import dev.millrace.schemas.github.GithubEvent;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthStatus;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.PlanStatus;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationCommand;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import dev.millrace.schemas.remediation.RemediationEscalation;
import dev.millrace.schemas.remediation.RemediationOutcome;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.workflow.WorkflowEvent;
import java.util.List;

/** What a record means to an analyst: mostly one event, for some records none or several. */
final class AnalystEvents {

  private AnalystEvents() {}

  static List<AnalystEvent> of(MirrorRow row) {
    return switch (row.value().value()) {
      case TaskEvent event -> List.of(task(event));
      case AgentEvent event -> List.of(AgentAnalystEvents.of(event));
      case WorkflowEvent event -> List.of(workflow(event));
      case GithubEvent event -> GithubAnalystEvents.of(event, row.context().id());
      case PlatformEvent event -> List.of(platform(event));
      case DocumentChange change -> List.of(document(change));
      case DocumentEmbedding embedding -> List.of(document(embedding));
      case LearningIntent intent -> List.of(learning(intent));
      case LearningPlan plan when plan.getStatus() == PlanStatus.PLANNED -> List.of(learning(plan));
      case LearningCompletion completion -> List.of(learning(completion));
      case HealthStatus status -> List.of(health(status));
      case HealthAnomaly anomaly -> List.of(health(anomaly));
      case RemediationDiagnosis diagnosis -> List.of(remediation(diagnosis));
      case RemediationAnalysis analysis -> List.of(remediation(analysis));
      case RemediationCommand command -> List.of(remediation(command));
      case RemediationOutcome outcome -> List.of(remediation(outcome));
      case RemediationEscalation escalation -> List.of(remediation(escalation));
      case RemediationApproval approval -> List.of(remediation(approval));
      case DeadLetter letter -> List.of(deadLetter(letter));
      case null, default -> List.of();
    };
  }

  private static AnalystEvent task(TaskEvent event) {
    Details data =
        new Details()
            .put("status", event.getStatus())
            .put("queue", event.getQueue())
            .put("agent", event.getAgent())
            .put("task_type", event.getTaskType())
            .put("attempt", event.getAttempt())
            .put("run_id", event.getRunId())
            .put("reason", event.getReason())
            .json("result", event.getResult());
    String subject = event.getTaskId() == null ? event.getQueue() : event.getTaskId();
    return AnalystEvent.of(EventNames.of(event.getType()), subject, data, event.getOccurredAt())
        .task(event.getTaskId(), event.getPriority())
        .identity(event.getEventId());
  }

  private static AnalystEvent workflow(WorkflowEvent event) {
    Details data =
        new Details()
            .put("status", event.getStatus())
            .put("next", event.getNext())
            .put("task_id", event.getTaskId())
            .put("round", event.getRound())
            .put("repository", event.getRepository())
            .put("branch", event.getBranch())
            .put("pull_request", event.getPullRequest())
            .put("reason", event.getReason())
            .put("expires_at", event.getExpiresAt())
            .put("cause_id", event.getCauseId());
    return AnalystEvent.of(event.getType(), event.getFlowId(), data, event.getOccurredAt())
        .task(event.getFlowId(), null)
        .identity(event.getEventId());
  }

  private static AnalystEvent platform(PlatformEvent event) {
    return new AnalystEvent(
        event.getEventType(),
        event.getSource(),
        null,
        Names.of(event.getPriority()),
        object(event.getData()),
        event.getOccurredAt(),
        event.getEventId(),
        event.getSource().isBlank() ? null : event.getSource());
  }

  /** The JSON object that a text holds; what is not an object becomes a field of one. */
  private static String object(String data) {
    String json = StorableJson.of(data);
    return json.startsWith("{") ? json : new Details().json("data", data).build();
  }

  private static AnalystEvent document(DocumentChange change) {
    Details data =
        new Details()
            .put("change", change.getChange())
            .put("category", change.getCategory())
            .put("repository", change.getRepository())
            .put("file_path", change.getFilePath())
            .put("branch", change.getBranch())
            .put("commit_sha", change.getCommitSha())
            .put("title", change.getTitle())
            .put("requested_by", change.getRequestedBy())
            .put("request_id", change.getRequestId());
    return AnalystEvent.of(
        EventNames.DOCUMENT_CHANGED, change.getDocumentUri(), data, change.getChangedAt());
  }

  private static AnalystEvent document(DocumentEmbedding embedding) {
    Details data =
        new Details()
            .put("chunks_processed", embedding.getChunksProcessed())
            .put("embeddings_created", embedding.getEmbeddingsCreated())
            .put("model", embedding.getModel())
            .put("category", embedding.getCategory())
            .put("repository", embedding.getRepository())
            .put("file_path", embedding.getFilePath())
            .put("commit_sha", embedding.getCommitSha())
            .put("reason", embedding.getReason())
            .put("request_id", embedding.getRequestId())
            .put("duration_ms", embedding.getDurationMs());
    return AnalystEvent.of(
        EventNames.of(embedding.getStatus()),
        embedding.getDocumentUri(),
        data,
        embedding.getIndexedAt());
  }

  private static AnalystEvent learning(LearningIntent intent) {
    Details data =
        new Details()
            .put("intent_id", intent.getIntentId())
            .put("topic", intent.getTopic())
            .put("depth", intent.getDepth())
            .put("end_goal", intent.getEndGoal())
            .put("time_per_day_min", intent.getTimePerDayMin())
            .put("active", intent.getActive());
    return AnalystEvent.of(
        EventNames.LEARNING_INTENT_SYNCED, intent.getUserId(), data, intent.getCreatedAt());
  }

  private static AnalystEvent learning(LearningPlan plan) {
    Details data =
        new Details()
            .put("session_id", plan.getSessionId())
            .put("week", plan.getWeek())
            .put("day", plan.getDay())
            .put("topic", plan.getTopic())
            .put("title", plan.getTitle())
            .put("degraded_mode", plan.getDegradedMode())
            .put("cache_hits", plan.getCacheHits())
            .put("cache_misses", plan.getCacheMisses())
            .put("generator", plan.getGenerator());
    return AnalystEvent.of(
        EventNames.INSTRUCTOR_PLAN_CREATED, plan.getUserId(), data, plan.getCreatedAt());
  }

  private static AnalystEvent learning(LearningCompletion completion) {
    Details data =
        new Details()
            .put("session_id", completion.getSessionId())
            .put("completion_time_min", completion.getCompletionTimeMin())
            .put("confidence", completion.getConfidence());
    return AnalystEvent.of(
        EventNames.LEARNING_SESSION_COMPLETED,
        completion.getUserId(),
        data,
        completion.getCompletedAt());
  }

  private static AnalystEvent health(HealthStatus status) {
    Details data =
        new Details()
            .put("status", status.getStatus())
            .put("previous_status", status.getPreviousStatus())
            .put("reason", status.getReason())
            .put("response_time_ms", status.getResponseTimeMs());
    return AnalystEvent.of(
        EventNames.HEALTH_STATUS_CHANGED, status.getProject(), data, status.getChangedAt());
  }

  private static AnalystEvent health(HealthAnomaly anomaly) {
    Details data =
        new Details()
            .put("anomaly_id", anomaly.getAnomalyId())
            .put("type", anomaly.getType())
            .put("severity", anomaly.getSeverity())
            .put("metric", anomaly.getMetric())
            .put("value", anomaly.getValue())
            .put("threshold", anomaly.getThreshold())
            .put("synthetic", anomaly.getSynthetic())
            .json("evidence", anomaly.getEvidence());
    return AnalystEvent.of(
        EventNames.HEALTH_ANOMALY_DETECTED, anomaly.getProject(), data, anomaly.getDetectedAt());
  }

  private static AnalystEvent remediation(RemediationDiagnosis diagnosis) {
    Details data =
        new Details()
            .put("request_id", diagnosis.getRequestId())
            .put("anomaly_id", diagnosis.getAnomalyId())
            .put("action", diagnosis.getAction())
            .put("confidence", diagnosis.getConfidence())
            .put("analyzer", diagnosis.getAnalyzer())
            .put("reasoning", diagnosis.getReasoning())
            .put("failure", diagnosis.getFailure());
    return AnalystEvent.of(
        EventNames.REMEDIATION_DIAGNOSED, diagnosis.getProject(), data, diagnosis.getDiagnosedAt());
  }

  private static AnalystEvent remediation(RemediationAnalysis analysis) {
    Details data =
        new Details()
            .put("analysis_id", analysis.getAnalysisId())
            .put("anomaly_id", analysis.getAnomalyId())
            .put("anomaly_type", analysis.getAnomalyType())
            .put("action", analysis.getAction())
            .put("confidence", analysis.getConfidence())
            .put("confidence_threshold", analysis.getConfidenceThreshold())
            .put("decision", analysis.getDecision())
            .put("analyzer", analysis.getAnalyzer())
            .put("reasoning", analysis.getReasoning());
    return AnalystEvent.of(
        EventNames.REMEDIATION_ANALYZED, analysis.getProject(), data, analysis.getAnalyzedAt());
  }

  private static AnalystEvent remediation(RemediationCommand command) {
    Details data =
        new Details()
            .put("command_id", command.getCommandId())
            .put("action", command.getAction())
            .put("anomaly_id", command.getAnomalyId())
            .put("analysis_id", command.getAnalysisId())
            .put("confidence", command.getConfidence())
            .put("requested_by", command.getRequestedBy());
    return AnalystEvent.of(
        EventNames.REMEDIATION_COMMANDED, command.getProject(), data, command.getIssuedAt());
  }

  private static AnalystEvent remediation(RemediationOutcome outcome) {
    Details data =
        new Details()
            .put("command_id", outcome.getCommandId())
            .put("action", outcome.getAction())
            .put("anomaly_id", outcome.getAnomalyId())
            .put("reason", outcome.getReason())
            .put("hook", outcome.getHook())
            .put("exit_code", outcome.getExitCode())
            .put("duration_ms", outcome.getDurationMs())
            .put("output", outcome.getOutput());
    return AnalystEvent.of(
        EventNames.of(outcome.getStatus()), outcome.getProject(), data, outcome.getOccurredAt());
  }

  private static AnalystEvent remediation(RemediationEscalation escalation) {
    Details data =
        new Details()
            .put("escalation_id", escalation.getEscalationId())
            .put("anomaly_id", escalation.getAnomalyId())
            .put("anomaly_type", escalation.getAnomalyType())
            .put("proposed_action", escalation.getProposedAction())
            .put("confidence", escalation.getConfidence())
            .put("reason", escalation.getReason())
            .put("expires_at", escalation.getExpiresAt());
    return AnalystEvent.of(
        EventNames.REMEDIATION_ESCALATED, escalation.getProject(), data, escalation.getRaisedAt());
  }

  private static AnalystEvent remediation(RemediationApproval approval) {
    Details data =
        new Details()
            .put("escalation_id", approval.getEscalationId())
            .put("action", approval.getAction())
            .put("decided_by", approval.getDecidedBy())
            .put("comment", approval.getComment());
    return AnalystEvent.of(
        approval.getApproved() ? EventNames.REMEDIATION_APPROVED : EventNames.REMEDIATION_REJECTED,
        approval.getProject(),
        data,
        approval.getDecidedAt());
  }

  private static AnalystEvent deadLetter(DeadLetter letter) {
    Details data =
        new Details()
            .put("topic", letter.getTopic())
            .put("partition", letter.getPartition())
            .put("offset", letter.getOffset())
            .put("app", letter.getApp())
            .put("error", letter.getError())
            .put("reason", letter.getReason())
            .put("attempts", letter.getAttempts())
            .put("event_id", letter.getEventId());
    return AnalystEvent.of(EventNames.DEAD_LETTER, letter.getTopic(), data, letter.getFailedAt());
  }
}
