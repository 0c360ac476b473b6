package dev.millrace.gateway.task;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The order of tasks that wait in one queue, as far as read models know it: by the priority that
 * was asked for, then by age. Ageing, fair shares and reordering are the router's.
 */
public final class TaskOrder {

  /** The most urgent first. */
  private static final List<String> PRIORITIES = List.of("critical", "high", "medium", "low");

  /** The rank of a task whose priority is not known: behind all others. */
  public static final int UNRANKED = PRIORITIES.size() + 1;

  private TaskOrder() {}

  /** The rank of a priority, from 1. */
  public static int rankOf(String priority) {
    int place = PRIORITIES.indexOf(priority);
    return place < 0 ? UNRANKED : place + 1;
  }

  /** {@link #rankOf} as an SQL expression; null when it is not known. */
  public static String rank(String tasks) {
    return "array_position(ARRAY[%s], %s.priority)"
        .formatted(
            PRIORITIES.stream().map("'%s'"::formatted).collect(Collectors.joining(", ")), tasks);
  }

  /**
   * SQL expressions to order or to compare by. The index {@code ai_tasks_waiting} has them after
   * the queue.
   *
   * @param tasks name of {@code public.ai_tasks} in the statement
   */
  public static String of(String tasks) {
    return "%1$s, %2$s.created_at, %2$s.task_id".formatted(rank(tasks), tasks);
  }
}
