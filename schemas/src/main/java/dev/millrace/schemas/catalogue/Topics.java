package dev.millrace.schemas.catalogue;

import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentLog;
import dev.millrace.schemas.agent.ProviderStatus;
import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.catalogue.Topic.Cleanup;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.deadletter.DeadLetterDecision;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.gateway.ReceiptBatch;
import dev.millrace.schemas.github.GithubEvent;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.health.HealthStatus;
import dev.millrace.schemas.knowledge.KnowledgeRecord;
import dev.millrace.schemas.knowledge.KnowledgeRequest;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningSignalRequest;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationCommand;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import dev.millrace.schemas.remediation.RemediationEscalation;
import dev.millrace.schemas.remediation.RemediationOutcome;
import dev.millrace.schemas.replay.ReplayCommand;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.usage.ModelUsage;
import dev.millrace.schemas.workflow.WorkflowEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** The catalogue of topics. */
public final class Topics {

  /** Partitions of a topic: enough for that many instances of an app that reads it in order. */
  private static final int PARTITIONS = 4;

  /**
   * Partitions of a topic whose records are taken as work, by share groups. Any member of the group
   * takes any record of a partition, but each member serves only some of the partitions: with more
   * than one, work waits behind a long one while other members are idle.
   */
  private static final int WORK_PARTITIONS = 1;

  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MONTH = Duration.ofDays(30);

  /** GitHub lets a delivery be sent again for three days; a day more is kept. */
  private static final Duration RECEIPTS = Duration.ofDays(4);

  private static final String ASSIGNMENTS_PREFIX = "agent.assignments.";

  /** What an agent may be called: its name is part of a topic's name. */
  private static final Pattern AGENT_NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  public static final Topic<GithubEvent> GITHUB_EVENTS =
      deleted("github.events", "repository", GithubEvent.class, MONTH);
  public static final Topic<PlatformEvent> PLATFORM_EVENTS =
      deleted("platform.events", "source", PlatformEvent.class, MONTH);

  public static final Topic<TaskRequest> TASK_REQUESTS =
      owned("task.requests", "task id", TaskRequest.class, TaskRequest::getAgent);
  public static final Topic<TaskCommand> TASK_COMMANDS =
      deleted("task.commands", "queue", TaskCommand.class, MONTH);
  public static final Topic<TaskEvent> TASK_EVENTS =
      deleted("task.events", "task id", TaskEvent.class, MONTH);
  public static final Topic<QueueSnapshot> TASK_QUEUES =
      compacted("task.queues", "queue", QueueSnapshot.class);
  public static final Topic<WorkflowEvent> WORKFLOW_EVENTS =
      deleted("workflow.events", "flow id", WorkflowEvent.class, MONTH);

  public static final Topic<AgentEvent> AGENT_EVENTS =
      owned("agent.events", "run id", AgentEvent.class, AgentEvent::getAgent);
  public static final Topic<AgentLog> AGENT_LOGS =
      deleted("agent.logs", "run id", AgentLog.class, WEEK);
  public static final Topic<AgentCommand> AGENT_COMMANDS =
      deleted("agent.commands", "run id", AgentCommand.class, WEEK);
  public static final Topic<ProviderStatus> AGENT_PROVIDERS =
      compacted("agent.providers", "provider", ProviderStatus.class);

  public static final Topic<DocumentChange> DOCUMENT_CHANGES =
      work("document.changes", "document URI", DocumentChange.class, MONTH);
  public static final Topic<DocumentEmbedding> DOCUMENT_EMBEDDINGS =
      deleted("document.embeddings", "document URI", DocumentEmbedding.class, MONTH);

  public static final Topic<KnowledgeRequest> KNOWLEDGE_REQUESTS =
      deleted("knowledge.requests", "user id", KnowledgeRequest.class, MONTH);
  public static final Topic<KnowledgeRecord> KNOWLEDGE_RECORDS =
      deleted("knowledge.records", "record id", KnowledgeRecord.class, MONTH);
  public static final Topic<ModelUsage> MODEL_USAGES =
      deleted("model.usages", "app", ModelUsage.class, MONTH);

  public static final Topic<LearningIntent> LEARNING_INTENTS =
      compacted("learning.intents", "user id", LearningIntent.class);
  public static final Topic<LearningSignalRequest> LEARNING_SIGNAL_REQUESTS =
      work("learning.signal-requests", "user id", LearningSignalRequest.class, WEEK);
  public static final Topic<LearningSignal> LEARNING_SIGNALS =
      deleted("learning.signals", "user id", LearningSignal.class, MONTH);
  public static final Topic<LearningPlanRequest> LEARNING_PLAN_REQUESTS =
      deleted("learning.plan-requests", "user id", LearningPlanRequest.class, WEEK);
  public static final Topic<LearningPlan> LEARNING_PLANS =
      deleted("learning.plans", "user id", LearningPlan.class, MONTH);
  public static final Topic<LearningCompletion> LEARNING_COMPLETIONS =
      deleted("learning.completions", "user id", LearningCompletion.class, MONTH);
  public static final Topic<LearningStatus> LEARNING_STATUSES =
      compacted("learning.statuses", "user id", LearningStatus.class);

  public static final Topic<HealthProbe> HEALTH_PROBES =
      deleted("health.probes", "project", HealthProbe.class, WEEK);
  public static final Topic<HealthMetric> HEALTH_METRICS =
      deleted("health.metrics", "project", HealthMetric.class, WEEK);
  public static final Topic<HealthStatus> HEALTH_STATUSES =
      deleted("health.statuses", "project", HealthStatus.class, MONTH);
  public static final Topic<HealthAnomaly> HEALTH_ANOMALIES =
      deleted("health.anomalies", "project", HealthAnomaly.class, MONTH);

  public static final Topic<RemediationAnalysisRequest> REMEDIATION_ANALYSIS_REQUESTS =
      work("remediation.analysis-requests", "project", RemediationAnalysisRequest.class, WEEK);
  public static final Topic<RemediationDiagnosis> REMEDIATION_DIAGNOSES =
      deleted("remediation.diagnoses", "project", RemediationDiagnosis.class, MONTH);
  public static final Topic<RemediationAnalysis> REMEDIATION_ANALYSES =
      deleted("remediation.analyses", "project", RemediationAnalysis.class, MONTH);
  public static final Topic<RemediationCommand> REMEDIATION_COMMANDS =
      work("remediation.commands", "project", RemediationCommand.class, MONTH);
  public static final Topic<RemediationOutcome> REMEDIATION_OUTCOMES =
      deleted("remediation.outcomes", "project", RemediationOutcome.class, MONTH);
  public static final Topic<RemediationEscalation> REMEDIATION_ESCALATIONS =
      deleted("remediation.escalations", "project", RemediationEscalation.class, MONTH);
  public static final Topic<RemediationApproval> REMEDIATION_APPROVALS =
      deleted("remediation.approvals", "project", RemediationApproval.class, MONTH);

  /**
   * One partition: every gateway reads all of it, and a batch costs little when it is one record.
   */
  public static final Topic<ReceiptBatch> GATEWAY_RECEIPTS =
      new Topic<>(
          "gateway.receipts",
          "key of the first receipt",
          ReceiptBatch.class,
          1,
          Cleanup.DELETE,
          RECEIPTS);

  public static final Topic<DeadLetter> DEAD_LETTERS =
      deleted("dead.letters", "original key", DeadLetter.class, MONTH);
  public static final Topic<DeadLetterDecision> DEAD_LETTER_DECISIONS =
      work("dead.letter-decisions", "dead letter id", DeadLetterDecision.class, MONTH);
  public static final Topic<ReplayCommand> REPLAY_COMMANDS =
      work("replay.commands", "replay id", ReplayCommand.class, MONTH);
  public static final Topic<AuditCheckpoint> AUDIT_CHECKPOINTS =
      compacted("audit.checkpoints", "sequence", AuditCheckpoint.class);

  /** Every topic with a fixed name; the assignments of each agent come on top. */
  private static final List<Topic<?>> ALL =
      List.of(
          GITHUB_EVENTS,
          PLATFORM_EVENTS,
          TASK_REQUESTS,
          TASK_COMMANDS,
          TASK_EVENTS,
          TASK_QUEUES,
          WORKFLOW_EVENTS,
          AGENT_EVENTS,
          AGENT_LOGS,
          AGENT_COMMANDS,
          AGENT_PROVIDERS,
          DOCUMENT_CHANGES,
          DOCUMENT_EMBEDDINGS,
          KNOWLEDGE_REQUESTS,
          KNOWLEDGE_RECORDS,
          MODEL_USAGES,
          LEARNING_INTENTS,
          LEARNING_SIGNAL_REQUESTS,
          LEARNING_SIGNALS,
          LEARNING_PLAN_REQUESTS,
          LEARNING_PLANS,
          LEARNING_COMPLETIONS,
          LEARNING_STATUSES,
          HEALTH_PROBES,
          HEALTH_METRICS,
          HEALTH_STATUSES,
          HEALTH_ANOMALIES,
          REMEDIATION_ANALYSIS_REQUESTS,
          REMEDIATION_DIAGNOSES,
          REMEDIATION_ANALYSES,
          REMEDIATION_COMMANDS,
          REMEDIATION_OUTCOMES,
          REMEDIATION_ESCALATIONS,
          REMEDIATION_APPROVALS,
          GATEWAY_RECEIPTS,
          DEAD_LETTERS,
          DEAD_LETTER_DECISIONS,
          REPLAY_COMMANDS,
          AUDIT_CHECKPOINTS);

  private Topics() {}

  /** Every topic with a fixed name, in the order of the way of an event. */
  public static List<Topic<?>> all() {
    return ALL;
  }

  /** Every topic with a fixed name, and the assignments of these agents. */
  public static List<Topic<?>> all(Iterable<String> agents) {
    Stream.Builder<Topic<?>> assignments = Stream.builder();
    agents.forEach(agent -> assignments.add(agentAssignments(agent)));
    return Stream.<Topic<?>>concat(ALL.stream(), assignments.build()).toList();
  }

  /**
   * The topic that carries the work dispatched to an agent.
   *
   * @throws IllegalArgumentException if the name cannot be part of a topic's name
   */
  public static Topic<AgentAssignment> agentAssignments(String agent) {
    if (!AGENT_NAME.matcher(agent).matches()) {
      throw new IllegalArgumentException(
          "an agent's name is a lower-case letter and up to 39 letters, digits or dashes, not '"
              + agent
              + "'");
    }
    return work(ASSIGNMENTS_PREFIX + agent, "task id", AgentAssignment.class, WEEK);
  }

  /** The topic of this name, if it is in the catalogue. */
  public static Optional<Topic<?>> find(String name) {
    if (name.startsWith(ASSIGNMENTS_PREFIX)) {
      String agent = name.substring(ASSIGNMENTS_PREFIX.length());
      return AGENT_NAME.matcher(agent).matches()
          ? Optional.of(agentAssignments(agent))
          : Optional.empty();
    }
    return ALL.stream().filter(topic -> topic.name().equals(name)).findFirst();
  }

  private static <T extends SpecificRecord> Topic<T> deleted(
      String name, String key, Class<T> valueType, Duration retention) {
    return new Topic<>(name, key, valueType, PARTITIONS, Cleanup.DELETE, retention);
  }

  private static <T extends SpecificRecord> Topic<T> owned(
      String name, String key, Class<T> valueType, Function<T, @Nullable String> owner) {
    return new Topic<>(name, key, valueType, PARTITIONS, Cleanup.DELETE, MONTH, owner);
  }

  private static <T extends SpecificRecord> Topic<T> work(
      String name, String key, Class<T> valueType, Duration retention) {
    return new Topic<>(name, key, valueType, WORK_PARTITIONS, Cleanup.DELETE, retention);
  }

  private static <T extends SpecificRecord> Topic<T> compacted(
      String name, String key, Class<T> valueType) {
    return new Topic<>(name, key, valueType, PARTITIONS, Cleanup.COMPACT, Duration.ZERO);
  }
}
