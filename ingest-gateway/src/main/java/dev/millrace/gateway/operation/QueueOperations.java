package dev.millrace.gateway.operation;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.queue.Queues;
import dev.millrace.gateway.task.TaskReads;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.queue.QueueSettings;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Commands to queues. An answer of 2xx says that the command is on record. */
public final class QueueOperations {

  /** The body of a call that has none. */
  private static final Body NOTHING = new Body(Json.object());

  private static final Set<String> NOT_SETTINGS = Set.of("queue", "key", "value", "reason");

  private final Access access;
  private final BodyReader settings;
  private final BodyReader scope;
  private final QueueCommands commands;
  private final TaskReads tasks;
  private final Queues queues;
  private final RoutingTable routing;

  public QueueOperations(
      Access access,
      Bodies bodies,
      QueueCommands commands,
      TaskReads tasks,
      Queues queues,
      RoutingTable routing) {
    this.access = access;
    this.settings = bodies.of("QueueSettingsChange");
    this.scope = bodies.of("QueueScope");
    this.commands = commands;
    this.tasks = tasks;
    this.queues = queues;
    this.routing = routing;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/queue/settings", this::changeSettings),
        Route.post("/api/queue/add/{taskId}", this::add),
        Route.delete("/api/queue/{taskId}", this::remove),
        Route.post("/api/queue/clear", call -> steer(call, TaskAction.CLEAR)),
        Route.post("/api/queue/pause", call -> steer(call, TaskAction.PAUSE)),
        Route.post("/api/queue/resume", call -> steer(call, TaskAction.RESUME)));
  }

  private Answer changeSettings(Call call) throws InterruptedException {
    String client = access.operator(call);
    Body body = settings.read(call);
    Map<String, String> changes = changes(body);
    String queue = queue(body);
    ObjectNode changed = Json.object();
    changes.forEach(changed::put);
    ObjectNode answer = Json.object().put("success", true).put("queue", queue);
    answer.set("settings", changed);
    return commands.answer(
        call,
        client,
        body,
        id -> {
          requireSense(queue, changes);
          give(
              call,
              commands
                  .command(id, client, queue, TaskAction.CHANGE_SETTINGS)
                  .setSettings(changes)
                  .setReason(body.textOrNull("reason")));
          return Answer.ok(answer);
        });
  }

  /** New values by the name of the setting, from {@code key} and {@code value} or by name. */
  private static Map<String, String> changes(Body body) {
    Map<String, String> changes = new LinkedHashMap<>();
    Optional<String> key = body.optionalText("key");
    JsonNode value = body.node().path("value");
    if (key.isPresent() && !value.isMissingNode()) {
      changes.put(key.get(), text(value));
    } else if (key.isPresent()) {
      throw ProblemException.invalid("/value", "is required with a key");
    }
    body.node()
        .properties()
        .forEach(field -> {
          if (!NOT_SETTINGS.contains(field.getKey())) {
            String earlier = changes.put(field.getKey(), text(field.getValue()));
            if (earlier != null) {
              throw ProblemException.invalid(
                  '/' + field.getKey(), "expected by its name or as key and value, found both");
            }
          }
        });
    if (changes.isEmpty()) {
      throw ProblemException.invalid("/", "expected a setting to change, found none");
    }
    return changes;
  }

  /** A value as settings have it; 1.0 is a whole number in JSON Schema. */
  private static String text(JsonNode value) {
    return value.isFloatingPointNumber() && value.canConvertToExactIntegral()
        ? value.decimalValue().toBigInteger().toString()
        : value.asString();
  }

  /**
   * Whether changes make sense beside what each queue that is meant has already.
   *
   * @throws ProblemException 400 that names the setting, and the queue that refuses it
   */
  private void requireSense(String queue, Map<String, String> changes) {
    Map<String, QueueSnapshot> known = queues.all();
    if (queue.equals(QueueCommands.EVERY_QUEUE) && !known.isEmpty()) {
      known.values().forEach(one -> requireSense(one.getQueue(), one.getSettings(), changes));
    } else {
      Map<String, String> present =
          known.containsKey(queue) ? known.get(queue).getSettings() : Map.of();
      requireSense(queue, present, changes);
    }
  }

  private static void requireSense(
      String queue, Map<String, String> present, Map<String, String> changes) {
    Map<String, String> after = new HashMap<>(present);
    after.putAll(changes);
    try {
      QueueSettings _ = QueueSettings.defaults().with(after);
    } catch (ConfigurationException e) {
      boolean ofThisQueue = !changes.containsKey(e.variable());
      throw ProblemException.invalid(
          '/' + e.variable(),
          e.expectation() + (ofThisQueue ? ", the value of the queue " + queue : ""));
    }
  }

  private Answer add(Call call) throws InterruptedException {
    String client = access.operator(call);
    return commands.answer(call, client, NOTHING, id -> add(call, client, id));
  }

  private Answer add(Call call, String client, EventId id) throws InterruptedException {
    TaskReads.Standing task = tasks.standing(call.parameter("taskId"));
    if (task.asksForApproval()) {
      throw TaskOperations.needsApproval(task.id());
    }
    TaskAction action =
        switch (task.status()) {
          case "paused" -> TaskAction.RESUME;
          case "failed", "cancelled" -> TaskAction.RETRY;
          case "completed" ->
              throw ProblemException.conflict("a task that is completed is not done again");
          default -> null;
        };
    return command(call, client, task, action, id);
  }

  private Answer remove(Call call) throws InterruptedException {
    String client = access.operator(call);
    return commands.answer(call, client, NOTHING, id -> remove(call, client, id));
  }

  private Answer remove(Call call, String client, EventId id) throws InterruptedException {
    TaskReads.Standing task = tasks.standing(call.parameter("taskId"));
    return switch (task.status()) {
      case "completed", "failed", "cancelled" ->
          throw ProblemException.conflict(
              "expected a task that is in its queue, found one that is " + task.status());
      default -> command(call, client, task, TaskAction.CANCEL, id);
    };
  }

  private Answer command(
      Call call, String client, TaskReads.Standing task, @Nullable TaskAction action, EventId id)
      throws InterruptedException {
    if (action != null) {
      give(call, commands.command(id, client, task.queue(), action).setTaskId(task.id()));
    }
    return Answer.ok(
        Json.object()
            .put("success", true)
            .put("task_id", task.id())
            .put("queue", task.queue())
            .put("status", task.status()));
  }

  /** Steers one queue, the queue of one agent, or all of them. */
  private Answer steer(Call call, TaskAction action) throws InterruptedException {
    String client = access.operator(call);
    Body body = scope.readOptional(call);
    String queue = queue(body);
    body.optionalText("agent").ifPresent(this::requireAgent);
    ObjectNode answer = Json.object().put("success", true).put("queue", queue);
    body.optionalText("agent").ifPresent(agent -> answer.put("agent", agent));
    return commands.answer(
        call,
        client,
        body,
        id -> {
          give(
              call,
              commands
                  .command(id, client, queue, action)
                  .setAgent(body.textOrNull("agent"))
                  .setReason(body.textOrNull("reason")));
          return Answer.ok(answer);
        });
  }

  private String queue(Body body) {
    String queue = body.optionalText("queue").orElse(QueueCommands.EVERY_QUEUE);
    if (!queue.equals(QueueCommands.EVERY_QUEUE)) {
      requireQueue(queue);
    }
    return queue;
  }

  private void requireQueue(String name) {
    if (!routing.isQueue(name)) {
      throw ProblemException.invalid(
          "/queue", "expected a queue of one of %s, found '%s'".formatted(routing.agents(), name));
    }
  }

  private void requireAgent(String name) {
    if (!routing.agents().contains(name)) {
      throw ProblemException.invalid(
          "/agent", "expected one of %s, found '%s'".formatted(routing.agents(), name));
    }
  }

  private void give(Call call, TaskCommand.Builder command) throws InterruptedException {
    commands.give(call, command.build());
  }
}
