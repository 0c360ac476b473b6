package dev.millrace.router.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.router.workflow.FlowInput.Happened;
import dev.millrace.router.workflow.FlowInput.News;
import dev.millrace.runtime.routing.RequestSize;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.platform.PlatformEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What events of platforms mean to flows, such as {@code deploy.completed} of a build server. The
 * flow is named by {@code task_id}, or by {@code repository} and {@code pull_request}. A pull
 * request that no flow has yet begins one, as do {@code deploy.requested} and {@code
 * audit.requested} with a {@code repository} alone, and {@code task.assigned} with a {@code
 * description} of what is to be done there.
 */
public final class PlatformInputs {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longest data that a flow keeps and hands on, in characters. */
  private static final int MAX_DATA = 1 << 20;

  private static final String TASK = "task_id";
  private static final String REPOSITORY = "repository";
  private static final String REPOSITORIES = "repositories";
  private static final String PULL_REQUEST = "pull_request";
  private static final String DESCRIPTION = "description";

  private static final int MAX_NAME = 200;

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");

  /** What only agents say; an event of a platform that is called so is its own matter. */
  private static final Set<Signal> NOT_OF_PLATFORMS =
      Set.of(
          Signal.STEP_FAILED,
          Signal.CODE_UNCHANGED,
          Signal.VIDEO_REQUESTED,
          Signal.SCRIPT_CREATED,
          Signal.STORYBOARD_CREATED,
          Signal.MEDIA_COMPLETED);

  /** What is said of a pull request that may come by itself. */
  private static final Set<Signal> OF_PULL_REQUESTS =
      Set.of(Signal.PR_CREATED, Signal.PR_UPDATED, Signal.PR_MERGED);

  private PlatformInputs() {}

  /**
   * What an event means to flows; nothing if it is of a type that flows do not know.
   *
   * @throws InvalidEventException if its type is known, and its data do not tell what is meant
   */
  public static Optional<FlowInput> of(PlatformEvent event, EventContext cause) {
    return Signal.find(event.getEventType())
        .filter(signal -> !NOT_OF_PLATFORMS.contains(signal))
        .map(signal -> input(signal, event, data(event), cause));
  }

  private static FlowInput input(
      Signal signal, PlatformEvent event, JsonNode data, EventContext cause) {
    Flow.@Nullable Work work = work(signal, event, data);
    return new FlowInput(
        flow(signal, data, work != null, cause),
        cause,
        new Happened(signal, null, news(data), work, false));
  }

  private static JsonNode data(PlatformEvent event) {
    String text = event.getData();
    if (text.length() > MAX_DATA) {
      throw new InvalidEventException(
          "data: expected at most %d characters, found %d".formatted(MAX_DATA, text.length()));
    }
    try {
      JsonNode data = JSON.readTree(text);
      if (data.isObject()) {
        return data;
      }
    } catch (JsonProcessingException e) {
      throw new InvalidEventException("data: expected JSON: " + e.getOriginalMessage());
    }
    throw new InvalidEventException("data: expected a JSON object, found other JSON");
  }

  private static String flow(Signal signal, JsonNode data, boolean begins, EventContext cause) {
    String task = name(data, TASK);
    String repository = name(data, REPOSITORY);
    Integer number = pullRequest(data);
    String flow;
    if (task != null) {
      flow = task;
    } else if (repository != null && number != null) {
      flow = GithubInputs.ofPullRequest(repository, number);
    } else if (begins) {
      flow = cause.id().derive("flow").value();
    } else {
      throw new InvalidEventException(
          "%s: expected data with a task_id, or with a repository and a pull_request%s"
              .formatted(signal.code(), mayBegin(signal) ? ", or with a repository" : ""));
    }
    if (!WorkflowTasks.isFlowId(flow)) {
      throw new InvalidEventException(
          "expected a task_id, or a repository, of at most 150 letters, digits and . _ ~ -, found another");
    }
    return flow;
  }

  private static boolean mayBegin(Signal signal) {
    return signal == Signal.DEPLOY_REQUESTED || signal == Signal.AUDIT_REQUESTED;
  }

  private static Flow.@Nullable Work work(Signal signal, PlatformEvent event, JsonNode data) {
    String repository = name(data, REPOSITORY);
    if (signal == Signal.TASK_ASSIGNED) {
      return assigned(repository, event, data);
    }
    if (repository == null) {
      return null;
    }
    return switch (signal) {
      case DEPLOY_REQUESTED -> asked("Deploy " + repository, repository, event, data);
      case AUDIT_REQUESTED -> asked("Audit " + repository, repository, event, data);
      default ->
          OF_PULL_REQUESTS.contains(signal) && pullRequest(data) != null
              ? written(
                  "Pull request %d of %s".formatted(pullRequest(data), repository),
                  repository,
                  event,
                  data)
              : null;
    };
  }

  private static Flow.Work assigned(
      @Nullable String repository, PlatformEvent event, JsonNode data) {
    String description = text(data, DESCRIPTION);
    if (repository == null || description == null) {
      throw new InvalidEventException(
          "task.assigned: expected data with a repository and a description of what is to be done"
              + " there");
    }
    String title = text(data, "title");
    return asked(title == null ? "Work on " + repository : title, repository, event, data);
  }

  /** Work that a platform asks for. */
  private static Flow.Work asked(
      String title, String repository, PlatformEvent event, JsonNode data) {
    return new Flow.Work(
        title,
        text(data, DESCRIPTION),
        null,
        event.getPriority(),
        null,
        repository,
        further(data),
        text(data, "branch"),
        text(data, "file_path"),
        Map.of(),
        event.getSource(),
        false,
        false);
  }

  /** A pull request that somebody wrote. */
  private static Flow.Work written(
      String title, String repository, PlatformEvent event, JsonNode data) {
    return new Flow.Work(
        title,
        null,
        text(data, DESCRIPTION),
        event.getPriority(),
        null,
        repository,
        List.of(),
        text(data, "base_branch"),
        null,
        Map.of(),
        event.getSource(),
        false,
        true);
  }

  /** Further repositories that may be read. */
  private static List<String> further(JsonNode data) {
    JsonNode names = data.path(REPOSITORIES);
    if (names.isMissingNode() || names.isNull()) {
      return List.of();
    }
    List<String> further = new ArrayList<>();
    names.forEach(name -> further.add(name.asText()));
    if (!names.isArray()
        || names.size() > RequestSize.MAX_FURTHER_REPOSITORIES
        || further.stream().anyMatch(name -> name.isBlank() || name.length() > MAX_NAME)) {
      throw new InvalidEventException(
          "repositories: expected a list of at most %d names, found another"
              .formatted(RequestSize.MAX_FURTHER_REPOSITORIES));
    }
    return further;
  }

  /** What names a flow, which must not be misread: a text, or nothing. */
  private static @Nullable String name(JsonNode data, String field) {
    JsonNode value = data.path(field);
    if (!value.isTextual() && !value.isMissingNode() && !value.isNull()) {
      throw new InvalidEventException("%s: expected a text, found %s".formatted(field, value));
    }
    return text(data, field);
  }

  /** The number of a pull request, also one that is written as a text. */
  private static @Nullable Integer pullRequest(JsonNode data) {
    JsonNode number = data.path(PULL_REQUEST);
    String text = number.asText("").strip();
    if (number.isMissingNode() || number.isNull() || (number.isTextual() && text.isEmpty())) {
      return null;
    }
    if (!NUMBER.matcher(text).matches()) {
      throw new InvalidEventException("pull_request: expected the number of one, found " + number);
    }
    return Integer.valueOf(text);
  }

  private static News news(JsonNode data) {
    return new News(
        text(data, "branch"),
        pullRequest(data),
        text(data, "url"),
        text(data, "commit_sha"),
        Stream.of("plan", "summary", "reason")
            .map(field -> text(data, field))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null));
  }

  private static @Nullable String text(JsonNode node, String field) {
    String text = node.path(field).asText("");
    return node.path(field).isTextual() && !text.isBlank() ? text : null;
  }
}
