package dev.millrace.repositories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.repositories.GitHubApi.Answer;
import dev.millrace.repositories.RepositoryException.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What GitHub does besides keeping files: it knows repositories, takes pushes, and has pull
 * requests. Everything may be asked for twice: a pull request that is open is found again, one that
 * is merged stays merged. Failures are {@link RepositoryException}s that say what to check.
 */
public final class GitHub {

  private static final int MAX_PULL_REQUESTS = 100;

  private final GitHubApi api;
  private final Map<String, LocalRepository> local;

  GitHub(GitHubApi api, Map<String, LocalRepository> local) {
    this.api = api;
    this.local = Map.copyOf(local);
  }

  /** Whether there is a token to log in with. */
  public boolean hasToken() {
    return api.hasToken();
  }

  /** Name of the account that the token belongs to; empty when GitHub does not take the token. */
  public Optional<String> login() {
    if (!api.hasToken()) {
      return Optional.empty();
    }
    Answer answer = api.tryGet("/user");
    return answer.status() == 200
        ? Optional.of(answer.json().path("login").asText()).filter(login -> !login.isBlank())
        : Optional.empty();
  }

  public RepositoryInfo repository(String name) {
    JsonNode found = api.get(name, base(name));
    return new RepositoryInfo(
        name,
        found.path("description").isTextual() ? found.path("description").asText() : null,
        found.path("private").asBoolean(),
        required(name, found, "default_branch"),
        found.path("html_url").asText(),
        required(name, found, "clone_url"));
  }

  /** Pull requests, the newest first, at most {@value #MAX_PULL_REQUESTS}. */
  public List<PullRequest> pullRequests(String name, String state) {
    JsonNode found =
        api.get(
            name, base(name) + "/pulls?state=" + encode(state) + "&per_page=" + MAX_PULL_REQUESTS);
    List<PullRequest> requests = new ArrayList<>();
    found.forEach(one -> requests.add(pullRequest(name, one)));
    return requests;
  }

  public PullRequest pullRequest(String name, int number) {
    return pullRequest(name, api.get(name, base(name) + "/pulls/" + number));
  }

  /**
   * A pull request that was asked for.
   *
   * @param created whether it is new; false if it was open already
   */
  public record Opened(PullRequest request, boolean created) {}

  /**
   * Opens a pull request, unless one for the same branches is open.
   *
   * @param base branch to merge into; null is the default branch
   */
  public Opened open(
      String name, String title, @Nullable String body, String head, @Nullable String base) {
    String into = base == null ? repository(name).defaultBranch() : base;
    Optional<PullRequest> before = find(name, head, into);
    if (before.isPresent()) {
      return new Opened(before.get(), false);
    }
    ObjectNode asked =
        JsonNodeFactory.instance
            .objectNode()
            .put("title", title)
            .put("head", head)
            .put("base", into);
    if (body != null) {
      asked.put("body", body);
    }
    Answer answer = api.tryPost(base(name) + "/pulls", asked);
    if (answer.status() == 422) {
      Optional<PullRequest> meanwhile = find(name, head, into);
      if (meanwhile.isPresent()) {
        return new Opened(meanwhile.get(), false);
      }
      throw new RepositoryException(
          Reason.CONFLICT,
          "GitHub opens no pull request from '%s' into '%s' in %s: check that both branches exist and differ"
              .formatted(head, into, name));
    }
    return new Opened(pullRequest(name, api.succeeded(name, answer).json()), true);
  }

  private Optional<PullRequest> find(String name, String head, String base) {
    String owner = name.substring(0, name.indexOf('/'));
    String query = "/pulls?state=open&head=" + encode(owner + ":" + head) + "&base=" + encode(base);
    for (JsonNode one : api.get(name, base(name) + query)) {
      PullRequest found = pullRequest(name, one);
      if (found.head().equals(head) && found.base().equals(base)) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /**
   * Merges a pull request; one that is merged already stays as it is.
   *
   * @param method merge, squash or rebase; null is as its repository lets it be merged: by a merge
   *     commit, else squashed, else rebased
   * @throws RepositoryException with {@code conflict} if it cannot be merged as it is
   */
  public PullRequest merge(String name, int number, @Nullable String method) {
    PullRequest before = pullRequest(name, number);
    return before.merged() ? before : merge(name, before, method);
  }

  /**
   * Merges a pull request that was reviewed, as its repository lets it be merged. One that is
   * merged already stays as it is.
   *
   * @param commit start of the hash of the commit that it has to be at, the one that was reviewed;
   *     null if any will do
   * @throws RepositoryException with {@code refused} if it is at another, {@code conflict} if it
   *     cannot be merged as it is
   */
  public PullRequest mergeReviewed(String name, int number, @Nullable String commit) {
    PullRequest before = pullRequest(name, number);
    if (before.merged()) {
      return before;
    }
    Reviewed.require(name, "pull request " + number, commit, before.headSha());
    return merge(name, before, null);
  }

  private String allowedMethod(String name) {
    JsonNode found = api.get(name, base(name));
    if (found.path("allow_merge_commit").asBoolean(true)) {
      return "merge";
    }
    return found.path("allow_squash_merge").asBoolean(true) ? "squash" : "rebase";
  }

  private PullRequest merge(String name, PullRequest before, @Nullable String method) {
    int number = before.number();
    ObjectNode asked =
        JsonNodeFactory.instance
            .objectNode()
            .put("merge_method", method == null ? allowedMethod(name) : method)
            .put("sha", before.headSha());
    Answer answer = api.tryPut(base(name) + "/pulls/" + number + "/merge", asked);
    if (answer.status() == 405 || answer.status() == 409) {
      throw new RepositoryException(
          Reason.CONFLICT,
          "GitHub cannot merge pull request %d of %s as it is (%s): look for conflicts, checks and reviews"
              .formatted(number, name, GitHubFailures.said(answer)));
    }
    api.succeeded(name, answer);
    return pullRequest(name, number);
  }

  /**
   * Reviews a pull request. Asking twice for the same task posts one review: each carries the
   * trailer {@code Millrace-Task}. On a pull request of the token's own account GitHub takes no
   * verdict, so the review is a comment there; what it says is the same. Comments on lines that
   * GitHub does not show go into the text.
   */
  public PostedReview review(String name, int number, ReviewRequest asked) {
    return new GitHubReviews(api, name, number).post(asked, login());
  }

  /**
   * Pushes a branch of a repository on this machine to GitHub; never by force.
   *
   * @return hash of the commit that the branch on GitHub is at
   */
  public String push(String name, @Nullable String branch) {
    return local(name).pushTo(repository(name).cloneUrl(), branch, api.login());
  }

  /** Branch of a repository on this machine that is its default. */
  public String defaultBranchHere(String name) {
    return local(name).defaultBranch();
  }

  /**
   * Makes sure that a repository on this machine knows the one on GitHub as {@code origin}.
   *
   * @return whether that had to be written down
   */
  public boolean ensureRemote(String name) {
    return local(name).ensureOrigin(repository(name).cloneUrl());
  }

  private LocalRepository local(String name) {
    LocalRepository found = local.get(name);
    if (found == null) {
      throw new RepositoryException(
          Reason.NOT_FOUND,
          "LOCAL_REPOSITORIES puts no repository %s on this machine".formatted(name));
    }
    return found;
  }

  private static PullRequest pullRequest(String name, JsonNode found) {
    boolean merged = found.path("merged").asBoolean() || found.path("merged_at").isTextual();
    // Before, it is the commit that GitHub tries out whether it can be merged.
    String mergeCommit = merged ? found.path("merge_commit_sha").asText(null) : null;
    return new PullRequest(
        found.path("number").asInt(),
        found.path("title").asText(),
        found.path("body").isTextual() ? found.path("body").asText() : null,
        required(name, found, "state"),
        merged,
        found.path("head").path("ref").asText(),
        found.path("head").path("sha").asText(),
        mergeCommit,
        found.path("base").path("ref").asText(),
        found.path("html_url").asText());
  }

  private static String required(String name, JsonNode node, String field) {
    String value = node.path(field).asText("");
    if (value.isEmpty()) {
      throw new RepositoryException(
          Reason.UNAVAILABLE,
          "expected '%s' in GitHub's answer about %s, found none: check GITHUB_API_URL"
              .formatted(field, name));
    }
    return value;
  }

  private static String base(String name) {
    return "/repos/" + GitHubApi.encode(name);
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
