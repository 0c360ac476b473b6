package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * All read models, for one batch. Their tables are named without a schema: the connection's search
 * path says where they are, which is public unless they are being rebuilt.
 */
public final class ReadModels {

  /** The tables they are, in schema public. */
  public static final List<String> TABLES =
      List.of(
          "ai_tasks",
          "ai_events",
          "agents",
          "agent_logs",
          "cost_tracking",
          "learning_intents",
          "learning_sessions",
          "learning_statuses",
          "health_projects",
          "health_anomalies",
          "remediations",
          "queue_settings",
          "dead_letters",
          "dead_letter_decisions");

  /** Topics that no read model is derived from. */
  private static final Set<Topic<?>> UNREAD =
      Set.of(
          Topics.TASK_COMMANDS,
          Topics.AGENT_COMMANDS,
          Topics.LEARNING_SIGNAL_REQUESTS,
          Topics.LEARNING_SIGNALS,
          Topics.LEARNING_PLAN_REQUESTS,
          Topics.HEALTH_METRICS,
          Topics.GATEWAY_RECEIPTS,
          Topics.REPLAY_COMMANDS,
          Topics.AUDIT_CHECKPOINTS);

  /** In the order of their statements; the events hold a lock from theirs on, so they come last. */
  private final List<ReadModel> models =
      List.of(
          new AiTasks(),
          new Agents(),
          new AgentLogs(),
          new CostTracking(),
          new LearningIntents(),
          new LearningSessions(),
          new LearningStatuses(),
          new HealthProjects(),
          new HealthAnomalies(),
          new Remediations(),
          new QueueSettings(),
          new DeadLetterRows(),
          new DeadLetterDecisions(),
          new AiEvents());

  /** Whether a read model wants the records of a topic. */
  public static boolean isFor(Topic<?> topic) {
    return !UNREAD.contains(topic);
  }

  /**
   * Takes in an event. One that a replay wrote again has changed the read models before; taken in
   * again it would turn them back.
   */
  public void add(MirrorRow event) {
    boolean concerns = event.value().value() != null || event.record().value() == null;
    boolean replayed = event.context().replayId() != null;
    if (concerns) {
      models.stream()
          .filter(model -> !replayed || model.takesReplays())
          .forEach(model -> model.add(event));
    }
  }

  /** Writes all changes. */
  public void write(Connection connection) throws SQLException {
    for (ReadModel model : models) {
      model.write(connection);
    }
  }
}
