package dev.millrace.client;

import static dev.millrace.client.Paths.encode;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Repositories and pull requests, through the gateway's GitHub account. A repository is named
 * {@code owner/name}.
 */
public final class Github {

  private final Transport transport;

  Github(Transport transport) {
    this.transport = transport;
  }

  /** Whether the gateway can use GitHub, and as whom. */
  public record Status(
      boolean configured, @Nullable String owner, boolean authenticated, @Nullable String login) {}

  public record Repository(
      String fullName,
      @Nullable String description,
      @JsonProperty("private") boolean isPrivate,
      String defaultBranch,
      String htmlUrl,
      String cloneUrl) {}

  public record PullRequest(
      int number,
      String title,
      @Nullable String body,
      String state,
      boolean merged,
      String head,
      String headSha,
      @Nullable String mergeCommitSha,
      String base,
      String htmlUrl) {}

  /** A branch that was pushed. */
  public record Pushed(boolean success, String repo, String branch, String sha) {}

  private record DefaultBranch(String defaultBranch) {}

  private record CloneUrl(String cloneUrl) {}

  private record PullRequests(List<PullRequest> prs) {}

  private record Remote(boolean changed) {}

  public Status status() {
    return transport.get("/api/github/status", Status.class);
  }

  public Repository repository(String repository) {
    return transport.get(path("/api/github/repo/", repository, ""), Repository.class);
  }

  public String defaultBranch(String repository) {
    return transport
        .get(path("/api/github/repo/", repository, "/default-branch"), DefaultBranch.class)
        .defaultBranch();
  }

  /** Address to clone from, without credentials. */
  public String cloneUrl(String repository) {
    return transport.get(path("/api/github/clone-url/", repository, ""), CloneUrl.class).cloneUrl();
  }

  /** Pushes a branch of a repository on the gateway's machine; null is the default branch. */
  public Pushed push(String repository, @Nullable String branch) {
    Map<String, Object> body = new HashMap<>();
    body.put("repo", repository);
    if (branch != null) {
      body.put("branch", branch);
    }
    return transport.post("/api/github/push", body, Pushed.class);
  }

  /**
   * Opens a pull request, or finds the one that is open for the same branches.
   *
   * @param base branch to merge into; null is the default branch
   */
  public PullRequest open(
      String repository, String title, @Nullable String text, String head, @Nullable String base) {
    Map<String, Object> body = new HashMap<>();
    body.put("repo", repository);
    body.put("title", title);
    body.put("head", head);
    if (text != null) {
      body.put("body", text);
    }
    if (base != null) {
      body.put("base", base);
    }
    return transport.post("/api/github/pr", body, PullRequest.class);
  }

  public PullRequest pullRequest(String repository, int number) {
    return transport.get(path("/api/github/pr/", repository, "/" + number), PullRequest.class);
  }

  /**
   * Merges a pull request, unless it is merged already.
   *
   * @param method merge, squash or rebase; null is the first of these that the repository allows
   */
  public PullRequest merge(String repository, int number, @Nullable String method) {
    return transport.post(
        path("/api/github/pr/", repository, "/" + number + "/merge"),
        method == null ? Map.of() : Map.of("method", method),
        PullRequest.class);
  }

  /**
   * Pull requests, the newest first.
   *
   * @param state open, closed or all
   */
  public List<PullRequest> pullRequests(String repository, String state) {
    return transport
        .get(
            path("/api/github/prs/", repository, "") + "&state=" + encode(state),
            PullRequests.class)
        .prs();
  }

  /** Makes sure that the repository on the gateway's machine knows GitHub as its origin. */
  public boolean ensureRemote(String repository) {
    return transport
        .post(path("/api/github/ensure-remote/", repository, ""), Map.of(), Remote.class)
        .changed();
  }

  private static String path(String prefix, String repository, String suffix) {
    int slash = repository.indexOf('/');
    if (slash <= 0 || slash == repository.length() - 1) {
      throw new IllegalArgumentException(
          "expected a repository as owner/name, found '" + repository + "'");
    }
    return prefix
        + encode(repository.substring(slash + 1))
        + suffix
        + "?owner="
        + encode(repository.substring(0, slash));
  }
}
