package dev.millrace.router.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.queue.QueueEffect.Dispatch;
import dev.millrace.router.queue.QueueEffect.TaskStep;
import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Whatever happens to a queue, in whatever order and however often, some things hold. The histories
 * are random: requests, reports of current, old and invented runs, commands, restarts, time.
 */
class QueuePropertiesTest {

  private static final List<Priority> PRIORITIES = List.of(Priority.values());

  /** The blank stands for no tenant. */
  private static final List<String> TENANTS = List.of("acme", "umbra", "");

  private static final Set<TaskEventType> ENDS =
      Set.of(
          TaskEventType.COMPLETED,
          TaskEventType.FAILED,
          TaskEventType.CANCELLED,
          TaskEventType.EXPIRED,
          TaskEventType.MOVED);

  private static final Set<Happening.Kind> REPORTS =
      EnumSet.of(
          Happening.Kind.START,
          Happening.Kind.HEARTBEAT,
          Happening.Kind.COMPLETE,
          Happening.Kind.FAIL,
          Happening.Kind.KILLED);

  /** Something that happens, on a task and with a number that decides the details. */
  record Happening(Kind kind, int task, int detail) {
    enum Kind {
      REQUEST,
      START,
      HEARTBEAT,
      COMPLETE,
      FAIL,
      KILLED,
      PAUSE,
      RESUME,
      CANCEL,
      RETRY,
      REORDER,
      HOLD,
      RELEASE,
      LIMIT,
      CANCEL_ALL,
      TIME,
      RESTART
    }
  }

  @Provide
  Arbitrary<List<Happening>> histories() {
    Arbitrary<Happening.Kind> kinds =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.of(Happening.Kind.REQUEST)),
            Tuple.of(
                8,
                Arbitraries.of(
                    Happening.Kind.START,
                    Happening.Kind.COMPLETE,
                    Happening.Kind.FAIL,
                    Happening.Kind.HEARTBEAT,
                    Happening.Kind.TIME)),
            Tuple.of(2, Arbitraries.of(Happening.Kind.class)));
    return Combinators.combine(
            kinds, Arbitraries.integers().between(0, 9), Arbitraries.integers().between(0, 5))
        .as(Happening::new)
        .list()
        .ofMinSize(20)
        .ofMaxSize(150);
  }

  @Property(tries = 2000)
  void theLimitHoldsAndNothingIsLostOrFinishedTwice(@ForAll("histories") List<Happening> history) {
    QueueFixture queue =
        new QueueFixture(
            Map.of("max_concurrent", "3", "stop_on_failure", "false"), true, "chatgpt");
    Observer observer = new Observer();

    for (Happening happening : history) {
      observer.expects(queue, happening);
      observer.saw(happen(queue, happening), queue);
    }

    observer.checkNothingIsLost(queue);
  }

  @Property(tries = 2000)
  void whateverHappenedTheQueueDrainsInTheEnd(@ForAll("histories") List<Happening> history) {
    QueueFixture queue = new QueueFixture(Map.of("max_concurrent", "2", "stop_on_failure", "true"));
    for (Happening happening : history) {
      happen(queue, happening);
    }

    drain(queue);

    assertThat(queue.status().backlog()).isZero();
    assertThat(queue.status().running()).isZero();
    for (String task : requested(queue)) {
      assertThat(queue.task(task).stage()).isInstanceOf(Stage.Finished.class);
    }
  }

  @Property(tries = 100)
  void withoutAgeingTheOrderIsThatOfPriorityThenArrival(
      @ForAll @Size(min = 1, max = 40) List<Priority> priorities) {
    QueueFixture queue = new QueueFixture(Map.of("ageing", "0s"));
    queue.command(queue.command(TaskAction.PAUSE));
    Map<Priority, List<String>> expected = new TreeMap<>();
    for (int i = 0; i < priorities.size(); i++) {
      String task = "task-" + i;
      queue.request(task, priorities.get(i));
      queue.pass(Duration.ofMinutes(1));
      expected.computeIfAbsent(priorities.get(i), _ -> new ArrayList<>()).add(task);
    }

    queue.command(queue.command(TaskAction.RESUME));
    for (int i = 0; i < priorities.size(); i++) {
      queue.complete(QueueFixture.dispatched(queue.history).getLast(), 1);
    }

    assertThat(QueueFixture.dispatched(queue.history))
        .containsExactlyElementsOf(expected.values().stream().flatMap(List::stream).toList());
  }

  private static List<QueueEffect> happen(QueueFixture queue, Happening happening) {
    String task = "task-" + happening.task();
    int attempt = attemptOf(queue, task, happening.detail());
    return switch (happening.kind()) {
      case REQUEST ->
          queue.request(
              QueueFixture.taskRequest(task, PRIORITIES.get(happening.detail() % PRIORITIES.size()))
                  .setTenant(TENANTS.get(happening.task() % TENANTS.size()))
                  .build());
      case START -> queue.start(task, attempt);
      case HEARTBEAT -> queue.heartbeat(task, attempt);
      case COMPLETE -> queue.complete(task, attempt);
      case FAIL ->
          queue.finish(
              task,
              attempt,
              new RunResult.Failed("failed", true, null, happening.detail() % 2 == 0));
      case KILLED -> queue.finish(task, attempt, new RunResult.Killed("killed"));
      case PAUSE -> queue.command(queue.command(TaskAction.PAUSE));
      case RESUME -> queue.command(queue.command(TaskAction.RESUME));
      case CANCEL -> queue.command(queue.command(TaskAction.CANCEL).setTaskId(task));
      case RETRY -> queue.command(queue.command(TaskAction.RETRY).setTaskId(task));
      case REORDER ->
          queue.command(
              queue.command(TaskAction.REORDER).setTaskId(task).setPosition(happening.detail()));
      case HOLD -> queue.command(queue.command(TaskAction.PAUSE).setTaskId(task));
      case RELEASE -> queue.command(queue.command(TaskAction.RESUME).setTaskId(task));
      case LIMIT ->
          queue.command(
              queue
                  .command(TaskAction.CHANGE_SETTINGS)
                  .setSettings(Map.of("max_concurrent", "" + happening.detail())));
      case CANCEL_ALL -> queue.command(queue.command(TaskAction.CANCEL));
      case TIME -> queue.pass(Duration.ofSeconds(1L << (2 * happening.detail())));
      case RESTART -> {
        queue.restart();
        yield List.of();
      }
    };
  }

  /** Mostly the current attempt, sometimes an old one or one that never was. */
  private static int attemptOf(QueueFixture queue, String task, int detail) {
    int current = queue.knows(task) ? queue.task(task).attempt() : 1;
    return switch (detail) {
      case 0 -> Math.max(1, current - 1);
      case 1 -> current + 1;
      default -> Math.max(1, current);
    };
  }

  private static void drain(QueueFixture queue) {
    queue.command(
        queue
            .command(TaskAction.CHANGE_SETTINGS)
            .setSettings(Map.of("max_concurrent", "10", "stop_on_failure", "false")));
    queue.command(queue.command(TaskAction.RESUME));
    for (String task : requested(queue)) {
      queue.command(queue.command(TaskAction.RESUME).setTaskId(task));
    }
    for (int round = 0; round < 20; round++) {
      queue.pass(Duration.ofMinutes(5));
      for (String task : requested(queue)) {
        queue.complete(task, queue.task(task).attempt());
      }
    }
  }

  private static Set<String> requested(QueueFixture queue) {
    return queue.history.stream()
        .filter(TaskStep.class::isInstance)
        .map(effect -> ((TaskStep) effect).task().id().value())
        .collect(Collectors.toSet());
  }

  /** Follows a queue from outside, by its effects alone, and checks each of them. */
  private static final class Observer {

    private final Map<String, RunId> running = new HashMap<>();
    private final Map<String, TaskEventType> ended = new HashMap<>();
    private final Set<String> created = new HashSet<>();
    private final Set<RunId> runs = new HashSet<>();
    private @Nullable String ignored;

    /** A report of a run that holds no slot must change nothing about its task. */
    void expects(QueueFixture queue, Happening happening) {
      String task = "task-" + happening.task();
      RunId reported = QueueFixture.run(task, attemptOf(queue, task, happening.detail()));
      ignored =
          REPORTS.contains(happening.kind()) && !reported.equals(running.get(task)) ? task : null;
    }

    void saw(List<QueueEffect> effects, QueueFixture queue) {
      for (QueueEffect effect : effects) {
        switch (effect) {
          case TaskStep step -> sawStep(step);
          case Dispatch dispatch -> sawDispatch(dispatch);
          case QueueEffect.Rejected _,
              QueueEffect.QueueStep _,
              QueueEffect.Kill _,
              QueueEffect.GiveUp _,
              QueueEffect.PublishCircuit _,
              QueueEffect.Move _,
              QueueEffect.Refuse _ -> {}
        }
      }
      assertThat(queue.status().running()).as("running").isEqualTo(running.size());
      if (effects.stream().anyMatch(Dispatch.class::isInstance)) {
        int limit =
            Integer.parseInt(queue.status().overrides().getOrDefault("max_concurrent", "3"));
        assertThat(running.size()).as("running, after a dispatch").isLessThanOrEqualTo(limit);
      }
    }

    private void sawStep(TaskStep step) {
      String task = step.task().id().value();
      // With every turn, whatever it is about, some that wait may be handed to another agent.
      if (step.type() != TaskEventType.MOVED) {
        assertThat(task).as("the task of a late or invented report").isNotEqualTo(ignored);
      }
      if (step.type() == TaskEventType.CREATED) {
        assertThat(created.add(task)).as("%s is created once", task).isTrue();
      }
      if (ENDS.contains(step.type())) {
        assertThat(ended.put(task, step.type())).as("%s ends once", task).isNull();
      }
      if (step.type() == TaskEventType.QUEUED && ended.get(task) != TaskEventType.COMPLETED) {
        ended.remove(task);
      }
      boolean holdsSlot = step.task().stage() instanceof Stage.Running;
      if (!holdsSlot) {
        running.remove(task);
      }
    }

    private void sawDispatch(Dispatch dispatch) {
      String task = dispatch.task().id().value();
      assertThat(ended).as("what is over does not run").doesNotContainKey(task);
      assertThat(running.put(task, dispatch.run())).as("%s runs once at a time", task).isNull();
      assertThat(runs.add(dispatch.run())).as("a run is dispatched once").isTrue();
    }

    void checkNothingIsLost(QueueFixture queue) {
      List<String> waiting = new ArrayList<>();
      for (String task : created) {
        switch (queue.task(task).stage()) {
          case Stage.Waiting _, Stage.Delayed _, Stage.Held _, Stage.Asking _ -> waiting.add(task);
          case Stage.Running run -> assertThat(running).containsEntry(task, run.run());
          case Stage.Finished _ -> assertThat(ended).containsKey(task);
        }
      }
      assertThat(queue.status().backlog()).as("backlog").isEqualTo(waiting.size());
    }
  }
}
