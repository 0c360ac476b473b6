package dev.millrace.worker.run;

import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.redaction.Redaction;
import dev.millrace.runtime.usage.CallCause;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.AgentLog;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.schemas.agent.LogStream;
import dev.millrace.schemas.agent.RunError;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.schemas.agent.Usage;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events and log lines of one run. Their ids derive from that of the assignment, so that
 * a run that is reported twice leads to the same events. After the end, nothing more is written.
 */
final class RunReport implements RunReporter {

  private final AgentAssignment assignment;
  private final EventContext cause;
  private final Provider provider;
  private final String app;
  private final String worker;
  private final PriceTable prices;
  private final Clock clock;
  private final Outbox outbox;
  private final ReentrantLock order = new ReentrantLock();
  private final LogLines lines = new LogLines();
  private int heartbeats;
  private int usages;
  private int toolCalls;
  private long costMicrodollars;
  private @Nullable String process;
  private boolean ended;

  RunReport(
      AgentAssignment assignment,
      EventContext cause,
      Provider provider,
      RunExecutor.Surroundings surroundings) {
    this.assignment = assignment;
    this.cause = cause;
    this.provider = provider;
    this.app = surroundings.app();
    this.worker = surroundings.worker();
    this.prices = surroundings.prices();
    this.clock = surroundings.clock();
    this.outbox = new Outbox(surroundings.events());
  }

  /** Whether the run may have this effect. */
  boolean allows(Effect effect) {
    return cause.allows(effect);
  }

  /** What the run's calls of models are made for, also those that it does not report itself. */
  CallCause callCause() {
    return CallCause.task(cause.trace(), assignment.getTaskId());
  }

  void started() throws InterruptedException {
    send("started", AgentEventType.STARTED, event -> {});
  }

  void heartbeat() throws InterruptedException {
    inOrder(() -> send("heartbeat/" + heartbeats++, AgentEventType.HEARTBEAT, event -> {}));
  }

  void committed(Commit commit) {
    report(() -> send("committed", AgentEventType.COMMITTED, event -> event.setCommit(commit)));
  }

  /** Reports the end; whatever the agent still says is dropped. */
  void finished(RunEnd end) throws InterruptedException {
    inOrder(() -> {
      send(
          "finished",
          AgentEventType.FINISHED,
          event ->
              event
                  .setOutcome(end.outcome())
                  .setResult(end.result())
                  .setError(error(end.failure()))
                  .setModel(end.model())
                  .setExitCode(end.exitCode()));
      ended = true;
    });
  }

  /**
   * Waits until all is written.
   *
   * @throws dev.millrace.runtime.kafka.PublishException if something could not be
   */
  void awaitWritten() throws InterruptedException {
    outbox.awaitArrived();
  }

  /** What the run has cost so far. */
  long costMicrodollars() {
    order.lock();
    try {
      return costMicrodollars;
    } finally {
      order.unlock();
    }
  }

  @Override
  public void log(LogStream stream, String text) {
    report(() -> {
      for (LogLines.Line line : lines.of(text)) {
        outbox.send(
            Topics.AGENT_LOGS,
            assignment.getRunId(),
            AgentLog.newBuilder()
                .setRunId(assignment.getRunId())
                .setTaskId(assignment.getTaskId())
                .setAgent(assignment.getAgent())
                .setSequence(line.sequence())
                .setStream(stream)
                .setContent(line.content())
                .setOccurredAt(now())
                .build(),
            cause.derive(app, "log/" + line.sequence()));
      }
    });
  }

  /** Told at once, by a sign of life; every later event tells it too. */
  @Override
  public void launched(String name) {
    report(() -> {
      process = name;
      send("launched", AgentEventType.HEARTBEAT, event -> {});
    });
  }

  @Override
  public void usage(TokenUsage usage) {
    Optional<Long> cost = prices.of(usage.model()).map(usage::costAt);
    if (cost.isEmpty()) {
      log("no price is known for the model '%s'; MODEL_PRICES sets it".formatted(usage.model()));
    }
    report(() -> {
      costMicrodollars += cost.orElse(0L);
      send(
          nameOf(usage),
          AgentEventType.USAGE,
          event -> event.setModel(usage.model()).setUsage(record(usage, cost.orElse(0L))));
    });
  }

  @Override
  public void toolCalled(ToolCall call) {
    report(() ->
        send("tool/" + toolCalls++, AgentEventType.TOOL_CALLED, event -> event.setTool(call)));
  }

  /** It is in the trace of the task that asks for it. */
  @Override
  public void subtask(TaskRequest request) {
    report(() ->
        outbox.send(
            Topics.TASK_REQUESTS,
            request.getTaskId(),
            request,
            cause.derive(app, "subtask/" + request.getTaskId())));
  }

  /**
   * Tells a call that was really made again, because its worker died, from one that is only told
   * again: both are paid for.
   */
  private String nameOf(TokenUsage usage) {
    return "usage/%d/%d-%d-%d-%d"
        .formatted(
            usages++,
            usage.inputTokens(),
            usage.outputTokens(),
            usage.cacheReadTokens(),
            usage.cacheWriteTokens());
  }

  private static Usage record(TokenUsage usage, long costMicrodollars) {
    return Usage.newBuilder()
        .setInputTokens(usage.inputTokens())
        .setOutputTokens(usage.outputTokens())
        .setCacheReadTokens(usage.cacheReadTokens())
        .setCacheWriteTokens(usage.cacheWriteTokens())
        .setCostMicrodollars(costMicrodollars)
        .build();
  }

  private static @Nullable RunError error(@Nullable AgentFailure failure) {
    return failure == null
        ? null
        : RunError.newBuilder()
            .setCode(failure.code())
            .setMessage(Redaction.redact(failure.message()))
            .setRetryable(failure.retryable())
            .setRetryAfterMs(failure.retryAfter() == null ? null : failure.retryAfter().toMillis())
            .build();
  }

  private void send(String name, AgentEventType type, Consumer<AgentEvent.Builder> details)
      throws InterruptedException {
    EventContext context = cause.derive(app, name);
    AgentEvent.Builder event =
        AgentEvent.newBuilder()
            .setEventId(context.id().value())
            .setRunId(assignment.getRunId())
            .setTaskId(assignment.getTaskId())
            .setQueue(assignment.getQueue())
            .setAgent(assignment.getAgent())
            .setAttempt(assignment.getAttempt())
            .setRole(assignment.getRole())
            .setType(type)
            .setProvider(provider.code())
            .setWorker(worker)
            .setProcess(process)
            .setOccurredAt(now());
    details.accept(event);
    outbox.send(Topics.AGENT_EVENTS, assignment.getRunId(), event.build(), context);
  }

  /** Something the agent says: an interrupt stays with its thread, which is about to end. */
  private void report(Writing writing) {
    try {
      inOrder(writing);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void inOrder(Writing writing) throws InterruptedException {
    order.lockInterruptibly();
    try {
      if (!ended) {
        writing.write();
      }
    } finally {
      order.unlock();
    }
  }

  private Instant now() {
    return clock.instant();
  }

  @FunctionalInterface
  private interface Writing {
    void write() throws InterruptedException;
  }
}
