package dev.millrace.gateway.task;

/**
 * The order of tasks that wait in one queue, as far as read models know it: by the priority that
 * was asked for, then by age. Ageing, fair shares and reordering are the router's.
 */
public final class TaskOrder {

  private TaskOrder() {}

  /**
   * SQL expressions to order or to compare by. The index {@code ai_tasks_waiting} has them after
   * the queue.
   *
   * @param tasks name of {@code public.ai_tasks} in the statement
   */
  public static String of(String tasks) {
    return """
    array_position(ARRAY['critical', 'high', 'medium', 'low'], %1$s.priority),
    %1$s.created_at, %1$s.task_id\
    """
        .formatted(tasks);
  }
}
