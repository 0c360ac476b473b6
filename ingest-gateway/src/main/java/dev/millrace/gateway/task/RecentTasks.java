package dev.millrace.gateway.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.runtime.queue.RunIdentity;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tasks accepted a moment ago: known before the read model has them. */
public final class RecentTasks {

  private static final int MAX_TASKS = 10_000;
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  private final Cache<String, Accepted> tasks =
      Caffeine.newBuilder().maximumSize(MAX_TASKS).expireAfterWrite(FORGET_AFTER).build();

  /** The task of each first run. */
  private final Cache<String, Accepted> runs =
      Caffeine.newBuilder().maximumSize(MAX_TASKS).expireAfterWrite(FORGET_AFTER).build();

  /**
   * A task as it was accepted.
   *
   * @param queue queue that it waits in, or that flows stand under
   */
  public record Accepted(TaskRequest request, String agent, String queue, String traceId) {}

  public void add(Accepted task) {
    String taskId = task.request().getTaskId();
    tasks.put(taskId, task);
    runs.put(RunIdentity.of(taskId, 1), task);
  }

  public Optional<Accepted> find(String taskId) {
    return Optional.ofNullable(tasks.getIfPresent(taskId));
  }

  /** Ids of an agent's tasks, the first accepted first. */
  List<String> of(String agent) {
    return tasks
        .policy()
        .expireAfterWrite()
        .map(byAge -> byAge.oldest(MAX_TASKS).values())
        .orElseThrow()
        .stream()
        .filter(task -> task.agent().equals(agent))
        .map(task -> task.request().getTaskId())
        .toList();
  }

  /** Ids of the tasks that were asked for as agents since then. */
  public List<String> spawnedSince(Instant time) {
    return tasks.asMap().values().stream()
        .map(Accepted::request)
        .filter(request -> request.getAttributes().containsKey(RunIdentity.SPAWNED_AS))
        .filter(request -> request.getRequestedAt().isAfter(time))
        .map(TaskRequest::getTaskId)
        .toList();
  }

  /** The task whose first run is called so. */
  public Optional<Accepted> ofFirstRun(String runId) {
    return Optional.ofNullable(runs.getIfPresent(runId));
  }
}
