package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.RunOutcome;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What events say about a run of an agent.
 *
 * @param metadata further facts by name
 */
record RunChange(
    String runId,
    String taskId,
    String agentType,
    Status status,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable Integer exitCode,
    @Nullable String error,
    Map<String, String> metadata,
    String traceId) {

  private static final String WORKER = "worker";
  private static final String PROCESS = "process";

  /** Where a run stands; each state is later than those before it, the ends are equally late. */
  enum Status {
    STARTING,
    RUNNING,
    COMPLETED,
    FAILED,
    TIMEOUT,
    KILLED;

    String column() {
      return Names.of(this);
    }

    boolean isEnd() {
      return this != STARTING && this != RUNNING;
    }

    /** The later of two; of two ends the first. */
    Status then(Status later) {
      return isEnd() || later.compareTo(this) < 0 ? this : later;
    }

    private static Status of(@Nullable RunOutcome outcome) {
      return switch (outcome) {
        case COMPLETED -> COMPLETED;
        case TIMED_OUT -> TIMEOUT;
        case KILLED -> KILLED;
        case FAILED, UNKNOWN -> FAILED;
        case null -> FAILED;
      };
    }
  }

  /** What an event says about a run, if anything. */
  static Optional<RunChange> of(MirrorRow row) {
    return switch (row.value().value()) {
      case AgentAssignment assignment -> Optional.of(assigned(assignment, row));
      case AgentEvent event -> Optional.of(happened(event, row));
      case null, default -> Optional.empty();
    };
  }

  private static RunChange assigned(AgentAssignment assignment, MirrorRow row) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("agent", assignment.getAgent());
    metadata.put("queue", assignment.getQueue());
    metadata.put("attempt", Integer.toString(assignment.getAttempt()));
    return new RunChange(
        assignment.getRunId(),
        assignment.getTaskId(),
        Optional.ofNullable(assignment.getRole()).orElse(assignment.getAgent()),
        Status.STARTING,
        null,
        null,
        null,
        null,
        metadata,
        row.context().trace().traceId());
  }

  private static RunChange happened(AgentEvent event, MirrorRow row) {
    boolean finished = event.getType() == AgentEventType.FINISHED;
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("agent", event.getAgent());
    metadata.put("queue", event.getQueue());
    metadata.put("attempt", Integer.toString(event.getAttempt()));
    Optional.ofNullable(event.getProvider()).ifPresent(v -> metadata.put("provider", v));
    Optional.ofNullable(event.getModel()).ifPresent(v -> metadata.put("model", v));
    Optional.ofNullable(event.getWorker()).ifPresent(v -> metadata.put(WORKER, v));
    Optional.ofNullable(event.getProcess()).ifPresent(v -> metadata.put(PROCESS, v));
    return new RunChange(
        event.getRunId(),
        event.getTaskId(),
        Optional.ofNullable(event.getRole()).orElse(event.getAgent()),
        finished ? Status.of(event.getOutcome()) : Status.RUNNING,
        event.getType() == AgentEventType.STARTED ? event.getOccurredAt() : null,
        finished ? event.getOccurredAt() : null,
        event.getExitCode(),
        event.getError() == null ? null : event.getError().getMessage(),
        metadata,
        row.context().trace().traceId());
  }

  /** The process that it is, else the one that runs it, if its worker is named {@code host:pid}. */
  @Nullable String containerId() {
    String process = metadata.get(PROCESS);
    if (process != null) {
      return process;
    }
    String[] worker = metadata.getOrDefault(WORKER, "").split(":", 3);
    return worker.length < 2 || worker[1].isEmpty() ? null : "host-pid-" + worker[1];
  }

  /** This change and one that was mirrored after it, as one. */
  RunChange then(RunChange later) {
    Map<String, String> merged = new TreeMap<>(metadata);
    merged.putAll(later.metadata);
    return new RunChange(
        runId,
        taskId,
        agentType,
        status.then(later.status),
        startedAt == null ? later.startedAt : startedAt,
        completedAt == null ? later.completedAt : completedAt,
        exitCode == null ? later.exitCode : exitCode,
        error == null ? later.error : error,
        merged,
        traceId);
  }
}
