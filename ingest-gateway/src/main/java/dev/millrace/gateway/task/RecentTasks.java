package dev.millrace.gateway.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.util.Optional;

/** Tasks accepted a moment ago: known before the read model has them. */
public final class RecentTasks {

  private static final int MAX_TASKS = 10_000;
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  private final Cache<String, Accepted> tasks =
      Caffeine.newBuilder().maximumSize(MAX_TASKS).expireAfterWrite(FORGET_AFTER).build();

  /**
   * A task as it was accepted.
   *
   * @param queue queue that it waits in, or that flows stand under
   */
  public record Accepted(TaskRequest request, String agent, String queue, String traceId) {}

  public void add(Accepted task) {
    tasks.put(task.request().getTaskId(), task);
  }

  public Optional<Accepted> find(String taskId) {
    return Optional.ofNullable(tasks.getIfPresent(taskId));
  }
}
