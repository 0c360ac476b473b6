package dev.millrace.benchmarks.latency;

import dev.millrace.benchmarks.follow.TopicFollower;
import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.catalogue.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Follows {@code agent.events} and remembers when each task's agent started. */
final class AgentStarts implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Map<String, Long> starts = new ConcurrentHashMap<>();
  private final TopicFollower follower;

  private AgentStarts(Environment environment) {
    follower = TopicFollower.follow(environment, Topics.AGENT_EVENTS, this::saw);
  }

  static AgentStarts follow(Environment environment) {
    return new AgentStarts(environment);
  }

  private void saw(AgentEvent event) {
    if (event.getType() == AgentEventType.STARTED) {
      starts.putIfAbsent(event.getTaskId(), event.getOccurredAt().toEpochMilli());
    }
  }

  /** The starts known when all of these tasks have started, or the time is up. */
  Map<String, Long> await(Set<String> tasks, Duration timeout) throws InterruptedException {
    Instant deadline = Instant.now().plus(timeout);
    while (!starts.keySet().containsAll(tasks) && Instant.now().isBefore(deadline)) {
      Thread.sleep(PAUSE);
    }
    return Map.copyOf(starts);
  }

  @Override
  public void close() {
    follower.close();
  }
}
