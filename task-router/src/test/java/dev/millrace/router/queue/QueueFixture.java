package dev.millrace.router.queue;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.CircuitRules;
import dev.millrace.router.circuit.Provider;
import dev.millrace.router.queue.QueueEffect.Dispatch;
import dev.millrace.router.queue.QueueEffect.TaskStep;
import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.router.storage.MemoryStore;
import dev.millrace.router.storage.StoredCircuits;
import dev.millrace.router.storage.StoredQueue;
import dev.millrace.runtime.queue.QueueSettings;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.serde.SingleObjectSerde;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A queue in memory, a clock that is set by hand, and the events and effects of both. */
final class QueueFixture {

  static final Provider PROVIDER = new Provider("anthropic");
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final Duration LEASE = Duration.ofSeconds(60);
  static final Duration APPROVAL_TIMEOUT = Duration.ofHours(1);
  static final Duration START_TIMEOUT = Duration.ofMinutes(30);
  static final CircuitRules CIRCUIT =
      new CircuitRules(4, Duration.ofSeconds(30), Duration.ofMinutes(5));

  final MemoryStore store = new MemoryStore();
  final List<QueueEffect> history = new ArrayList<>();
  private final QueueRules rules;
  private StoredQueue state;
  private Instant now = START;
  private Instant watchedSince = START;
  private int commands;

  QueueFixture(Map<String, String> settings) {
    this(settings, true);
  }

  QueueFixture(Map<String, String> settings, boolean dispatching) {
    this(settings, dispatching, null);
  }

  QueueFixture(Map<String, String> settings, boolean dispatching, @Nullable String fallback) {
    this.rules =
        new QueueRules(
            QueueSettings.defaults().with(settings),
            LEASE,
            START_TIMEOUT,
            dispatching,
            Duration.ofHours(24),
            Duration.ofDays(7),
            APPROVAL_TIMEOUT,
            CIRCUIT,
            fallback);
    this.state = open();
  }

  private StoredQueue open() {
    return new StoredQueue(
        new QueueName("claude"), store, SingleObjectSerde.of(Topics.TASK_REQUESTS));
  }

  /** The process that serves the queue is another one from now on. */
  void restart() {
    state = open();
    watchedSince = now;
  }

  Instant now() {
    return now;
  }

  List<QueueEffect> apply(QueueEvent event) {
    List<QueueEffect> effects =
        new QueueMachine(new QueueName("claude"), rules, new StoredCircuits(store))
            .apply(state, event, now);
    history.addAll(effects);
    return effects;
  }

  List<QueueEffect> request(String task) {
    return request(task, Priority.MEDIUM);
  }

  List<QueueEffect> request(String task, Priority priority) {
    return request(taskRequest(task, priority).build());
  }

  List<QueueEffect> request(TaskRequest request) {
    return apply(
        new QueueEvent.TaskRequested(request, origin("request-" + request.getTaskId()), null));
  }

  /** A request that a replay wrote again. */
  List<QueueEffect> requestReplayed(String task, String mark) {
    EventId id = new EventId("request-" + task);
    EventContext context = new EventContext(id, "test", START, TraceContext.of(id), mark);
    return apply(
        new QueueEvent.TaskRequested(
            taskRequest(task, Priority.MEDIUM).build(),
            new Task.Origin(context, new Position("task.requests", 0, 7)),
            null));
  }

  static TaskRequest.Builder taskRequest(String task, Priority priority) {
    return TaskRequest.newBuilder()
        .setTaskId(task)
        .setTaskType("documentation")
        .setDescription("Describe the module.")
        .setPriority(priority);
  }

  /** A task that the queue of another agent hands on. */
  List<QueueEffect> requestMoved(String task, int attempts) {
    return apply(
        new QueueEvent.TaskRequested(
            taskRequest(task, Priority.MEDIUM).build(),
            origin("request-" + task),
            new QueueEvent.Moved(attempts)));
  }

  Circuit circuit() {
    return new StoredCircuits(store).of(PROVIDER);
  }

  List<QueueEffect> start(String task, int attempt) {
    return startBy(PROVIDER, task, attempt);
  }

  List<QueueEffect> startBy(Provider provider, String task, int attempt) {
    return apply(
        new QueueEvent.RunStarted(
            new TaskId(task), run(task, attempt), provider, cause("started")));
  }

  List<QueueEffect> heartbeat(String task, int attempt) {
    return apply(new QueueEvent.RunHeartbeat(new TaskId(task), run(task, attempt)));
  }

  List<QueueEffect> complete(String task, int attempt) {
    return finish(task, attempt, new RunResult.Done("{\"done\":true}"));
  }

  List<QueueEffect> fail(String task, int attempt) {
    return finish(task, attempt, new RunResult.Failed("command_failed", true, null, false));
  }

  List<QueueEffect> finish(String task, int attempt, RunResult result) {
    return apply(
        new QueueEvent.RunFinished(
            new TaskId(task), run(task, attempt), result, cause("finished")));
  }

  static RunId run(String task, int attempt) {
    return RunId.of(new TaskId(task), attempt);
  }

  TaskCommand.Builder command(TaskAction action) {
    return TaskCommand.newBuilder()
        .setCommandId("command-" + ++commands)
        .setQueue("claude")
        .setAction(action);
  }

  List<QueueEffect> command(TaskCommand.Builder command) {
    return apply(new QueueEvent.CommandReceived(command.build(), origin("command")));
  }

  /** Time passes, in steps of at most a minute. */
  List<QueueEffect> pass(Duration duration) {
    List<QueueEffect> effects = new ArrayList<>();
    Instant until = now.plus(duration);
    while (now.isBefore(until)) {
      Instant next = now.plusSeconds(60);
      now = next.isAfter(until) ? until : next;
      effects.addAll(tick());
    }
    return effects;
  }

  List<QueueEffect> tick() {
    return apply(new QueueEvent.Tick(watchedSince));
  }

  QueueStatus status() {
    return state.status();
  }

  Task task(String id) {
    return state.task(new TaskId(id)).orElseThrow();
  }

  boolean knows(String id) {
    return state.task(new TaskId(id)).isPresent();
  }

  private static Task.Origin origin(String id) {
    return new Task.Origin(cause(id), new Position("task.requests", 0, 7));
  }

  private static EventContext cause(String id) {
    EventId event = new EventId(id);
    return new EventContext(event, "test", START, TraceContext.of(event), null);
  }

  /** Steps of tasks as text, for example {@code a COMPLETED}. */
  static List<String> steps(List<QueueEffect> effects) {
    return effects.stream()
        .filter(TaskStep.class::isInstance)
        .map(TaskStep.class::cast)
        .map(step -> step.task().id() + " " + step.type())
        .toList();
  }

  /** Tasks that were dispatched, in order. */
  static List<String> dispatched(List<QueueEffect> effects) {
    return effects.stream()
        .filter(Dispatch.class::isInstance)
        .map(effect -> ((Dispatch) effect).task().id().value())
        .toList();
  }

  /** Steps of the queue as a whole. */
  static List<TaskEventType> queueSteps(List<QueueEffect> effects) {
    return effects.stream()
        .filter(QueueEffect.QueueStep.class::isInstance)
        .map(effect -> ((QueueEffect.QueueStep) effect).type())
        .toList();
  }
}
