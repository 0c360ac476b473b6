package dev.millrace.router.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.router.workflow.FlowInput.Happened;
import dev.millrace.router.workflow.FlowInput.News;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.platform.PlatformEvent;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What events of platforms mean to flows, such as {@code deploy.completed} of a build server. The
 * flow is named by {@code task_id}, or by {@code repository} and {@code pull_request}; {@code
 * deploy.requested} and {@code audit.requested} with a {@code repository} alone begin one.
 */
public final class PlatformInputs {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What only agents and people say. */
  private static final Set<Signal> NOT_OF_PLATFORMS =
      Set.of(Signal.TASK_ASSIGNED, Signal.STEP_FAILED, Signal.CODE_UNCHANGED);

  private PlatformInputs() {}

  public static Optional<FlowInput> of(PlatformEvent event, EventContext cause) {
    Optional<Signal> signal =
        Signal.find(event.getEventType()).filter(found -> !NOT_OF_PLATFORMS.contains(found));
    if (signal.isEmpty()) {
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
        .map(
            flow -> new FlowInput(flow, cause, new Happened(signal.get(), null, news(data), work)));
  }

  private static Optional<String> flow(JsonNode data, boolean begins, EventContext cause) {
    String task = text(data, "task_id");
    if (task != null) {
      return Optional.of(task);
    }
    String repository = text(data, "repository");
    JsonNode number = data.path("pull_request");
    if (repository != null && number.isInt()) {
      return Optional.of(GithubInputs.ofPullRequest(repository, number.asInt()));
    }
    return begins ? Optional.of(cause.id().derive("flow").value()) : Optional.empty();
  }

  private static Flow.@Nullable Work work(Signal signal, PlatformEvent event, JsonNode data) {
    String repository = text(data, "repository");
    if (repository == null
        || (signal != Signal.DEPLOY_REQUESTED && signal != Signal.AUDIT_REQUESTED)) {
      return null;
    }
    return new Flow.Work(
        (signal == Signal.DEPLOY_REQUESTED ? "Deploy " : "Audit ") + repository,
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

  private static News news(JsonNode data) {
    return new News(
        null,
        null,
        null,
        text(data, "commit_sha"),
        Optional.ofNullable(text(data, "summary")).orElse(text(data, "reason")));
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.path(field).isTextual() ? node.path(field).asText() : null;
  }
}
