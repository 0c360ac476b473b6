package dev.millrace.router.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.router.workflow.FlowInput.Happened;
import dev.millrace.router.workflow.FlowInput.News;
import dev.millrace.runtime.queue.TaskTrailer;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.github.GithubEvent;
import dev.millrace.schemas.task.Priority;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What webhooks of pull requests mean to flows. A pull request from a branch of an agent belongs to
 * the flow of that branch; that of a person has a flow of its own. Pull requests from forks are
 * left to people. Reviews count only from those who belong to the repository, and approvals only of
 * its newest commit; those that a step of a flow wrote were counted when it ended.
 */
public final class GithubInputs {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> TRUSTED = Set.of("OWNER", "MEMBER", "COLLABORATOR");
  private static final String PULL_REQUEST = "pull_request";
  private static final String REVIEW = "pull_request_review";

  private GithubInputs() {}

  public static Optional<FlowInput> of(GithubEvent event, EventContext cause) {
    if (!event.getEvent().equals(PULL_REQUEST) && !event.getEvent().equals(REVIEW)) {
      return Optional.empty();
    }
    JsonNode payload;
    try {
      payload = JSON.readTree(event.getPayload());
    } catch (JsonProcessingException e) {
      return Optional.empty(); // the gateway takes JSON only; another producer may not
    }
    JsonNode request = payload.path(PULL_REQUEST);
    if (!request.path("number").isInt() || !isOfTheRepository(event, request)) {
      return Optional.empty();
    }
    Optional<Signal> signal =
        event.getEvent().equals(REVIEW)
            ? reviewed(event, request, payload.path("review"))
            : changed(event, request);
    String flow = flow(event, request);
    return signal
        .filter(_ -> WorkflowTasks.isFlowId(flow))
        .map(s -> new FlowInput(flow, cause, content(s, event, payload, request)));
  }

  private static Optional<Signal> changed(GithubEvent event, JsonNode request) {
    boolean draft = request.path("draft").asBoolean();
    return switch (event.getAction() == null ? "" : event.getAction()) {
      case "opened", "reopened" -> draft ? Optional.empty() : Optional.of(Signal.PR_CREATED);
      case "ready_for_review" -> Optional.of(Signal.PR_CREATED);
      case "synchronize" -> draft ? Optional.empty() : Optional.of(Signal.PR_UPDATED);
      case "closed" ->
          Optional.of(request.path("merged").asBoolean() ? Signal.PR_MERGED : Signal.PR_CLOSED);
      default -> Optional.empty();
    };
  }

  private static Optional<Signal> reviewed(GithubEvent event, JsonNode request, JsonNode review) {
    if (!"submitted".equals(event.getAction())
        || !TRUSTED.contains(review.path("author_association").asText())
        || TaskTrailer.isIn(review.path("body").asText())) {
      return Optional.empty();
    }
    return switch (review.path("state").asText().toLowerCase(Locale.ROOT)) {
      case "changes_requested" -> Optional.of(Signal.CHANGES_REQUESTED);
      case "approved" ->
          isOfTheNewestCommit(review, request) ? Optional.of(Signal.PR_APPROVED) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Whoever approved something older has not seen what would be merged. */
  private static boolean isOfTheNewestCommit(JsonNode review, JsonNode request) {
    String reviewed = text(review, "commit_id");
    return reviewed == null || reviewed.equals(text(request.path("head"), "sha"));
  }

  private static boolean isOfTheRepository(GithubEvent event, JsonNode request) {
    return event
        .getRepository()
        .equals(request.path("head").path("repo").path("full_name").asText(""));
  }

  /** The flow of an agent's branch, else one for the pull request. */
  private static String flow(GithubEvent event, JsonNode request) {
    String branch = request.path("head").path("ref").asText("");
    if (branch.startsWith(Flow.BRANCH_PREFIX)) {
      String id = branch.substring(Flow.BRANCH_PREFIX.length());
      if (WorkflowTasks.isFlowId(id)) {
        return id;
      }
    }
    return ofPullRequest(event.getRepository(), request.path("number").asInt());
  }

  /** Id of the flow of a person's pull request. No name on GitHub has a tilde. */
  static String ofPullRequest(String repository, int number) {
    return "pr~" + repository.replace('/', '~') + "~" + number;
  }

  private static Happened content(
      Signal signal, GithubEvent event, JsonNode payload, JsonNode request) {
    JsonNode review = payload.path("review");
    String said = review.isObject() ? text(review, "body") : null;
    String commit =
        signal == Signal.PR_MERGED
            ? text(request, "merge_commit_sha")
            : text(request.path("head"), "sha");
    News news =
        new News(
            text(request.path("head"), "ref"),
            request.path("number").asInt(),
            text(request, "html_url"),
            commit,
            said);
    return new Happened(
        signal, null, news, signal == Signal.PR_CLOSED ? null : work(event, request), false);
  }

  private static Flow.Work work(GithubEvent event, JsonNode request) {
    String title = text(request, "title");
    String body = text(request, "body");
    return new Flow.Work(
        "Pull request %d of %s".formatted(request.path("number").asInt(), event.getRepository()),
        null,
        (title == null ? "" : title) + (body == null ? "" : "\n\n" + body),
        Priority.MEDIUM,
        null,
        event.getRepository(),
        List.of(),
        text(request.path("base"), "ref"),
        null,
        Map.of(),
        event.getSender(),
        false,
        true);
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.path(field).isTextual() ? node.path(field).asText() : null;
  }
}
