package dev.millrace.router.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.router.workflow.FlowInput.Happened;
import dev.millrace.router.workflow.FlowInput.News;
import dev.millrace.router.workflow.FlowInput.Ordered;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What requests for tasks, steps of tasks and commands mean to flows. */
public final class TaskInputs {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final WorkflowRules rules;

  public TaskInputs(WorkflowRules rules) {
    this.rules = rules;
  }

  /** A request may begin a flow. */
  public Optional<FlowInput> of(TaskRequest request, EventContext cause) {
    if (!rules.takes(request)) {
      return Optional.empty();
    }
    TaskContext context =
        request.getContext() == null ? TaskContext.newBuilder().build() : request.getContext();
    Flow.Work work =
        new Flow.Work(
            request.getTitle(),
            request.getDescription(),
            request.getAttributes().get(StepRequests.MATERIAL),
            request.getPriority(),
            request.getTenant(),
            context.getRepository() == null ? null : context.getRepository().strip(),
            context.getRepositories(),
            context.getBranch(),
            context.getFilePath(),
            request.getAttributes(),
            request.getRequestedBy(),
            request.getAttributes().containsKey(StepRequests.BUG_OF),
            false);
    Signal signal = WorkflowTasks.isVideo(request) ? Signal.VIDEO_REQUESTED : Signal.TASK_ASSIGNED;
    return Optional.of(
        new FlowInput(
            request.getTaskId(), cause, new Happened(signal, null, News.NONE, work, true)));
  }

  /** A command to the task that a flow is. */
  public Optional<FlowInput> of(TaskCommand command, EventContext cause) {
    String task = command.getTaskId();
    return task == null || StepId.parse(task).isPresent()
        ? Optional.empty()
        : Optional.of(
            new FlowInput(
                task,
                cause,
                new Ordered(command.getAction(), command.getRequestedBy(), command.getReason())));
  }

  /** The end of the task of an agent in a flow. */
  public Optional<FlowInput> of(TaskEvent event, EventContext cause) {
    String task = event.getTaskId();
    return task == null
        ? Optional.empty()
        : StepId.parse(task)
            .flatMap(step ->
                ended(step, event).map(content -> new FlowInput(step.flow(), cause, content)));
  }

  private static Optional<Happened> ended(StepId step, TaskEvent event) {
    return switch (event.getType()) {
      case COMPLETED -> Optional.of(completed(step, result(event.getResult())));
      case FAILED, CANCELLED, EXPIRED, REJECTED ->
          Optional.of(
              happened(
                  step,
                  Signal.STEP_FAILED,
                  News.text("%s: %s".formatted(step.value(), event.getReason()))));
      case CREATED,
          QUEUED,
          DISPATCHED,
          STARTED,
          PROGRESSED,
          RETRY_SCHEDULED,
          PAUSED,
          RESUMED,
          DEAD_LETTERED,
          APPROVAL_REQUESTED,
          APPROVED,
          SETTINGS_CHANGED,
          MOVED,
          CIRCUIT_OPENED,
          CIRCUIT_HALF_OPENED,
          CIRCUIT_CLOSED,
          UNKNOWN ->
          Optional.empty();
    };
  }

  private static Happened completed(StepId step, JsonNode result) {
    JsonNode answer = result.path("answer");
    String text = text(result, "text");
    String verdict = answer.path("verdict").asText("");
    News said = News.text(answer.isObject() ? answer.toPrettyString() : text);
    return switch (step.role()) {
      case STARTER -> planned(step, answer, text);
      case CODING -> coded(step, result, text);
      case REVIEWER -> happened(step, ofReview(verdict), said);
      case MERGER ->
          happened(step, Signal.PR_MERGED, new News(null, null, null, sha(result), text));
      case DEPLOYER -> happened(step, ofDeployment(verdict), said);
      case VERIFIER -> happened(step, ofVerification(verdict), said);
      case AUDITOR -> happened(step, Signal.AUDIT_COMPLETED, said);
      case WRITER -> made(step, Signal.SCRIPT_CREATED, result);
      case DIRECTOR -> made(step, Signal.STORYBOARD_CREATED, result);
      case PRODUCER -> made(step, Signal.MEDIA_COMPLETED, result);
    };
  }

  private static Happened planned(StepId step, JsonNode answer, @Nullable String text) {
    return answer.path("next").asText("").equals("audit")
        ? happened(step, Signal.AUDIT_REQUESTED, News.text(text(answer, "plan")))
        : happened(
            step, Signal.PLAN_CREATED, News.text(answer.has("plan") ? text(answer, "plan") : text));
  }

  private static Happened coded(StepId step, JsonNode result, @Nullable String text) {
    return text(result, "commit_sha") == null
        ? happened(
            step,
            Signal.CODE_UNCHANGED,
            News.text("the coding agent changed no file: " + shorten(text)))
        : happened(step, Signal.PR_CREATED, change(result));
  }

  private static Signal ofReview(String verdict) {
    return switch (verdict) {
      case "approved" -> Signal.PR_APPROVED;
      case "changes_requested" -> Signal.CHANGES_REQUESTED;
      default -> Signal.REVIEW_UNDECIDED;
    };
  }

  private static Signal ofDeployment(String verdict) {
    return switch (verdict) {
      case "deployed" -> Signal.DEPLOY_COMPLETED;
      case "not_deployed" -> Signal.DEPLOY_FAILED;
      default -> Signal.DEPLOY_UNDECIDED;
    };
  }

  private static Signal ofVerification(String verdict) {
    return switch (verdict) {
      case "passed" -> Signal.VERIFY_PASSED;
      case "failed" -> Signal.VERIFY_FAILED;
      default -> Signal.VERIFY_UNDECIDED;
    };
  }

  /** A part of a video: the answer, and whether it was made offline. */
  private static Happened made(StepId step, Signal signal, JsonNode result) {
    if (!(result.path("answer") instanceof ObjectNode answer)) {
      return happened(
          step,
          Signal.STEP_FAILED,
          News.text(step.value() + ": expected JSON as the answer, found none"));
    }
    boolean offline = result.path("offline").asBoolean() || answer.path("offline").asBoolean();
    String json = answer.deepCopy().put("offline", offline).toString();
    return json.length() <= News.MAX_TEXT
        ? happened(step, signal, News.text(json))
        : happened(
            step,
            Signal.STEP_FAILED,
            News.text(
                "%s: expected an answer of at most %d characters, found %d"
                    .formatted(step.value(), News.MAX_TEXT, json.length())));
  }

  private static Happened happened(StepId step, Signal signal, News news) {
    return new Happened(signal, step.value(), news, null, false);
  }

  private static News change(JsonNode result) {
    JsonNode request = result.path("pull_request");
    return new News(
        text(result, "branch"),
        request.path("number").isInt() ? request.path("number").asInt() : null,
        request.isObject() ? text(request, "url") : text(result, "github_url"),
        text(result, "commit_sha"),
        null);
  }

  private static @Nullable String sha(JsonNode result) {
    return text(result.path("merged"), "sha");
  }

  private static JsonNode result(@Nullable String json) {
    try {
      return json == null ? MissingNode.getInstance() : JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance(); // a result that is no JSON says nothing
    }
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.path(field).isTextual() ? node.path(field).asText() : null;
  }

  private static String shorten(@Nullable String text) {
    return text == null ? "" : Texts.shorten(text.strip(), 300);
  }
}
