package dev.millrace.schemas.event;

import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.document.IndexingStatus;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.task.TaskEventType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names under which the apps here tell analysts what happened: {@code event_type} of {@code
 * public.ai_events}. An event of anybody else that had one of them would count as one of theirs.
 *
 * <p>The names of the steps of flows are not among them: {@code pr.merged} and the like are what
 * platforms tell flows as well.
 */
public final class EventNames {

  public static final String COMMIT = "commit";
  public static final String DEAD_LETTER = "dead_letter";
  public static final String DOCUMENT_CHANGED = "document_changed";
  public static final String EVENT_PROCESSED = "event_processed";
  public static final String HEALTH_ANOMALY_DETECTED = "health_anomaly_detected";
  public static final String HEALTH_STATUS_CHANGED = "health_status_changed";
  public static final String INSTRUCTOR_PLAN_CREATED = "instructor_plan_created";
  public static final String LEARNING_INTENT_SYNCED = "learning_intent_synced";
  public static final String LEARNING_SESSION_COMPLETED = "learning_session_completed";
  public static final String REMEDIATION_ANALYZED = "remediation_analyzed";
  public static final String REMEDIATION_APPROVED = "remediation_approved";
  public static final String REMEDIATION_COMMANDED = "remediation_commanded";
  public static final String REMEDIATION_DIAGNOSED = "remediation_diagnosed";
  public static final String REMEDIATION_ESCALATED = "remediation_escalated";
  public static final String REMEDIATION_REJECTED = "remediation_rejected";

  /** What GitHub calls its events is GitHub's, and grows. */
  private static final String GITHUB_PREFIX = "github_";

  private static final Set<String> TOLD_HERE =
      Stream.of(
              Stream.of(
                  COMMIT,
                  DEAD_LETTER,
                  DOCUMENT_CHANGED,
                  EVENT_PROCESSED,
                  HEALTH_ANOMALY_DETECTED,
                  HEALTH_STATUS_CHANGED,
                  INSTRUCTOR_PLAN_CREATED,
                  LEARNING_INTENT_SYNCED,
                  LEARNING_SESSION_COMPLETED,
                  REMEDIATION_ANALYZED,
                  REMEDIATION_APPROVED,
                  REMEDIATION_COMMANDED,
                  REMEDIATION_DIAGNOSED,
                  REMEDIATION_ESCALATED,
                  REMEDIATION_REJECTED),
              Arrays.stream(TaskEventType.values()).map(EventNames::of),
              Arrays.stream(AgentEventType.values()).map(EventNames::of),
              Arrays.stream(IndexingStatus.values()).map(EventNames::of),
              Arrays.stream(OutcomeStatus.values()).map(EventNames::of))
          .flatMap(names -> names)
          .collect(Collectors.toUnmodifiableSet());

  private EventNames() {}

  /** Whether the apps here tell of events with this name. */
  public static boolean isToldHere(String name) {
    return TOLD_HERE.contains(name) || name.startsWith(GITHUB_PREFIX);
  }

  /** A step of a task: {@code task_created}. */
  public static String of(TaskEventType type) {
    return named("task", type);
  }

  /** A step of a run: {@code agent_started}; a commit is one wherever it was made. */
  public static String of(AgentEventType type) {
    return type == AgentEventType.COMMITTED ? COMMIT : named("agent", type);
  }

  /** What became of a document: {@code document_indexed}. */
  public static String of(IndexingStatus status) {
    return named("document", status);
  }

  /** How far a repair is: {@code remediation_succeeded}. */
  public static String of(OutcomeStatus status) {
    return named("remediation", status);
  }

  /** A delivery of a webhook: {@code github_push}. */
  public static String ofDelivery(String event) {
    return GITHUB_PREFIX + event;
  }

  private static String named(String what, Enum<?> symbol) {
    return what + '_' + symbol.name().toLowerCase(Locale.ROOT);
  }
}
