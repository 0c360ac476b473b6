package dev.millrace.router.queue;

import dev.millrace.router.queue.QueueStatus.Pause;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.queue.QueueSettings;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Commands to a queue; those to one of its tasks are in {@link TaskCommands}. */
final class Commands {

  /** How long a command is remembered, so that one that comes again is not obeyed again. */
  private static final Duration RETENTION = Duration.ofHours(24);

  private Commands() {}

  static void obey(Turn turn, QueueName queue, QueueEvent.CommandReceived received) {
    TaskCommand command = received.command();
    String id =
        command.getCommandId().isBlank()
            ? received.origin().context().id().value()
            : command.getCommandId();
    if (!turn.state().remember(id)) {
      return;
    }
    turn.state().arm(new Timer(turn.now().plus(RETENTION), Timer.Kind.COMMAND, id));
    Optional<String> refusal =
        command.getTaskId() == null
            ? obeyForQueue(turn, queue, command)
            : TaskCommands.obey(turn, command);
    refusal.ifPresent(reason -> turn.effect(new QueueEffect.Refuse(reason)));
  }

  /** What is wrong with the command, if something is. */
  private static Optional<String> obeyForQueue(Turn turn, QueueName queue, TaskCommand command) {
    return switch (command.getAction()) {
      case PAUSE -> {
        level(queue, command).ifPresent(level -> turn.pause(level, reason(command, "paused")));
        yield Optional.empty();
      }
      case RESUME -> {
        level(queue, command).ifPresent(level -> resume(turn, level, reason(command, "resumed")));
        yield Optional.empty();
      }
      case CHANGE_SETTINGS -> changeSettings(turn, command);
      case CANCEL -> {
        Sweeper.start(turn, reason(command, "cancelled with everything that waited"));
        yield Optional.empty();
      }
      case CLEAR -> {
        turn.become(turn.status().withClearedAt(turn.now()));
        turn.effect(
            new QueueEffect.QueueStep(
                TaskEventType.PROGRESSED,
                reason(command, "finished tasks were cleared from the list"),
                null));
        yield Optional.empty();
      }
      case RETRY, REORDER, APPROVE ->
          Optional.of("expected a task_id with " + command.getAction() + ", found none");
      case UNKNOWN -> Optional.of("expected an action that this version knows, found another");
    };
  }

  /**
   * A queue or an agent that is resumed by name stays paused where more than it was; whoever
   * resumes everything wants everything to run, also what paused itself because a task failed.
   */
  private static void resume(Turn turn, Pause level, String reason) {
    if (level == Pause.EVERYTHING) {
      turn.resume(reason);
    } else {
      turn.resume(level, reason);
    }
  }

  /** The level that is paused or resumed; none if another agent is meant. */
  private static Optional<Pause> level(QueueName queue, TaskCommand command) {
    if (command.getAgent() != null) {
      return command.getAgent().equals(queue.agent()) ? Optional.of(Pause.AGENT) : Optional.empty();
    }
    return Optional.of(
        command.getQueue().equals(RoutingTable.EVERY_QUEUE) ? Pause.EVERYTHING : Pause.QUEUE);
  }

  private static Optional<String> changeSettings(Turn turn, TaskCommand command) {
    Map<String, String> changes = new HashMap<>(command.getSettings());
    if (changes.isEmpty()) {
      return Optional.of("expected settings to change, found none");
    }
    try {
      QueueSettings _ = turn.settings().with(changes);
    } catch (ConfigurationException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    String changed =
        changes.entrySet().stream()
            .map(change -> change.getKey() + "=" + change.getValue())
            .sorted()
            .collect(Collectors.joining(", "));
    String paused = changes.remove(QueueSettings.PAUSED);
    Map<String, String> overrides = new HashMap<>(turn.status().overrides());
    overrides.putAll(changes);
    turn.become(turn.status().withOverrides(overrides));
    if (paused != null) {
      if (Boolean.parseBoolean(paused.strip())) {
        turn.pause(Pause.QUEUE, reason(command, "paused"));
      } else {
        // the setting tells of every level: a queue that is set to run runs
        turn.resume(reason(command, "resumed"));
      }
    }
    turn.effect(
        new QueueEffect.QueueStep(
            TaskEventType.SETTINGS_CHANGED,
            reason(command, changed),
            current(turn.settings(), turn.status())));
    return Optional.empty();
  }

  static Map<String, String> current(QueueSettings settings, QueueStatus status) {
    Map<String, String> values = settings.asMap();
    values.put(QueueSettings.PAUSED, Boolean.toString(status.isPaused()));
    return values;
  }

  /** What was done, who asked for it, and why. */
  static String reason(TaskCommand command, String done) {
    String by = command.getRequestedBy() == null ? "" : " by " + command.getRequestedBy();
    String why = command.getReason() == null ? "" : ": " + command.getReason();
    return Texts.shorten(done + by + why, QueueEvent.MAX_REASON_LENGTH);
  }
}
