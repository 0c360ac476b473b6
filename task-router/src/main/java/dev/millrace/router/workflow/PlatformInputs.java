package dev.millrace.router.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.router.workflow.FlowInput.Happened;
import dev.millrace.router.workflow.FlowInput.News;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.platform.PlatformEvent;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What events of platforms mean to flows, such as {@code deploy.completed} of a build server. The
 * flow is named by {@code task_id}, or by {@code repository} and {@code pull_request}. A pull
 * request that no flow has yet begins one, as do {@code deploy.requested} and {@code
 * audit.requested} with a {@code repository} alone.
 */
public final class PlatformInputs {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longest data that a flow keeps and hands on, in characters. */
  private static final int MAX_DATA = 1 << 20;

  /** What only agents and people say. */
  private static final Set<Signal> NOT_OF_PLATFORMS =
      Set.of(
          Signal.TASK_ASSIGNED,
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

  public static Optional<FlowInput> of(PlatformEvent event, EventContext cause) {
    Optional<Signal> signal =
        Signal.find(event.getEventType()).filter(found -> !NOT_OF_PLATFORMS.contains(found));
    if (signal.isEmpty() || event.getData().length() > MAX_DATA) {
      return Optional.empty();
    }
    JsonNode data;
    try {
      data = JSON.readTree(event.getData());
    } catch (JsonProcessingException e) {
      return Optional.empty(); // the gateway takes JSON only; another producer may not
    }
    Flow.@Nullable Work work = work(signal.get(), event, data);
    return flow(data, work != null, cause)
        .filter(WorkflowTasks::isFlowId)
        .map(
            flow -> new FlowInput(flow, cause, new Happened(signal.get(), null, news(data), work)));
  }

  private static Optional<String> flow(JsonNode data, boolean begins, EventContext cause) {
    String task = text(data, "task_id");
    if (task != null) {
      return Optional.of(task);
    }
    String repository = text(data, "repository");
    Integer number = pullRequest(data);
    if (repository != null && number != null) {
      return Optional.of(GithubInputs.ofPullRequest(repository, number));
    }
    return begins ? Optional.of(cause.id().derive("flow").value()) : Optional.empty();
  }

  private static Flow.@Nullable Work work(Signal signal, PlatformEvent event, JsonNode data) {
    String repository = text(data, "repository");
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

  /** Work that a platform asks for. */
  private static Flow.Work asked(
      String title, String repository, PlatformEvent event, JsonNode data) {
    return new Flow.Work(
        title,
        text(data, "description"),
        null,
        event.getPriority(),
        null,
        repository,
        text(data, "branch"),
        null,
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
        text(data, "description"),
        event.getPriority(),
        null,
        repository,
        text(data, "base_branch"),
        null,
        Map.of(),
        event.getSource(),
        false,
        true);
  }

  private static @Nullable Integer pullRequest(JsonNode data) {
    JsonNode number = data.path("pull_request");
    return number.isInt() ? number.asInt() : null;
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
