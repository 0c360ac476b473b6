package dev.millrace.gateway.github;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.repositories.GitHub;
import dev.millrace.repositories.PullRequest;
import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.repositories.RepositoryInfo;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Repositories, pushes and pull requests of GitHub. A repository is named without its owner, who is
 * {@code GITHUB_OWNER} unless the call names another. No answer ever carries the token.
 */
public final class GithubRoutes {

  private static final Set<String> STATES = Set.of("open", "closed", "all");

  private final Access access;
  private final GitHub github;
  private final @Nullable String owner;
  private final BodyReader push;
  private final BodyReader opening;
  private final BodyReader merging;

  /**
   * @param owner owner of repositories that are named without one; null if none is set
   */
  public GithubRoutes(Access access, Bodies bodies, GitHub github, @Nullable String owner) {
    this.access = access;
    this.github = github;
    this.owner = owner;
    this.push = bodies.of("GithubPush");
    this.opening = bodies.of("PullRequestOpening");
    this.merging = bodies.of("PullRequestMerge");
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/github/status", asOperator(this::status)),
        Route.get("/api/github/repo/{repo}", asOperator(this::repository)),
        Route.get("/api/github/repo/{repo}/default-branch", asOperator(this::defaultBranch)),
        Route.get("/api/github/clone-url/{repo}", asOperator(this::cloneUrl)),
        Route.post("/api/github/push", asOperator(this::push)),
        Route.post("/api/github/pr", asOperator(this::open)),
        Route.get("/api/github/pr/{repo}/{prNumber}", asOperator(this::pullRequest)),
        Route.post("/api/github/pr/{repo}/{prNumber}/merge", asOperator(this::merge)),
        Route.get("/api/github/prs/{repo}", asOperator(this::pullRequests)),
        Route.post("/api/github/ensure-remote/{repo}", asOperator(this::ensureRemote)));
  }

  private Endpoint asOperator(Endpoint endpoint) {
    return call -> {
      access.operator(call);
      try {
        return endpoint.handle(call);
      } catch (RepositoryException e) {
        throw GithubProblems.of(e);
      }
    };
  }

  private Answer status(Call call) {
    ObjectNode body = Json.object().put("configured", github.hasToken()).put("owner", owner);
    String login = github.login().orElse(null);
    return Answer.ok(body.put("authenticated", login != null).put("login", login));
  }

  private Answer repository(Call call) {
    RepositoryInfo found = github.repository(name(call, call.parameter("repo")));
    return Answer.ok(
        Json.object()
            .put("full_name", found.name())
            .put("description", found.description())
            .put("private", found.isPrivate())
            .put("default_branch", found.defaultBranch())
            .put("html_url", found.url())
            .put("clone_url", found.cloneUrl()));
  }

  private Answer defaultBranch(Call call) {
    RepositoryInfo found = github.repository(name(call, call.parameter("repo")));
    return Answer.ok(
        Json.object().put("repo", found.name()).put("default_branch", found.defaultBranch()));
  }

  /** The address is for whoever has a token of their own: it never carries that of the gateway. */
  private Answer cloneUrl(Call call) {
    RepositoryInfo found = github.repository(name(call, call.parameter("repo")));
    return Answer.ok(
        Json.object()
            .put("repo", found.name())
            .put("clone_url", found.cloneUrl())
            .put("authenticated", false));
  }

  private Answer push(Call call) {
    Body body = push.read(call);
    String name = name(call, body.text("repo"));
    String branch = body.optionalText("branch").orElseGet(() -> github.defaultBranchHere(name));
    return Answer.ok(
        Json.object()
            .put("success", true)
            .put("repo", name)
            .put("branch", branch)
            .put("sha", github.push(name, branch)));
  }

  private Answer open(Call call) {
    Body body = opening.read(call);
    String name = name(call, body.text("repo"));
    GitHub.Opened opened =
        github.open(
            name,
            body.text("title"),
            body.textOrNull("body"),
            body.text("head"),
            body.textOrNull("base"));
    return Answer.json(
        opened.created() ? 201 : 200,
        json(opened.request()).put("success", true).put("created", opened.created()));
  }

  private Answer pullRequest(Call call) {
    return Answer.ok(json(github.pullRequest(name(call, call.parameter("repo")), number(call))));
  }

  private Answer merge(Call call) {
    Body body = merging.readOptional(call);
    PullRequest merged =
        github.merge(name(call, call.parameter("repo")), number(call), body.textOrNull("method"));
    return Answer.ok(json(merged).put("success", merged.merged()));
  }

  private Answer pullRequests(Call call) {
    String state = call.query("state").orElse("open");
    if (!STATES.contains(state)) {
      throw ProblemException.invalid("state", "expected one of open, closed, all");
    }
    ObjectNode body = Json.object();
    body.putArray("prs")
        .addAll(
            github.pullRequests(name(call, call.parameter("repo")), state).stream()
                .map(GithubRoutes::json)
                .toList());
    return Answer.ok(body);
  }

  private Answer ensureRemote(Call call) {
    String name = name(call, call.parameter("repo"));
    return Answer.ok(
        Json.object()
            .put("success", true)
            .put("repo", name)
            .put("changed", github.ensureRemote(name)));
  }

  private static ObjectNode json(PullRequest request) {
    return Json.object()
        .put("number", request.number())
        .put("title", request.title())
        .put("body", request.body())
        .put("state", request.state())
        .put("merged", request.merged())
        .put("head", request.head())
        .put("head_sha", request.headSha())
        .put("merge_commit_sha", request.mergeCommit())
        .put("base", request.base())
        .put("html_url", request.url());
  }

  /** {@code owner/name}, from a name with or without its owner. */
  private String name(Call call, String repo) {
    int slash = repo.indexOf('/');
    String ownerOfIt = slash > 0 ? repo.substring(0, slash) : call.query("owner").orElse(owner);
    if (ownerOfIt == null) {
      throw ProblemException.invalid(
          "owner", "expected an owner here or in GITHUB_OWNER, found none");
    }
    String name = ownerOfIt + '/' + repo.substring(slash + 1);
    if (!Repositories.isName(name)) {
      throw ProblemException.invalid("repo", "expected the name of a repository");
    }
    return name;
  }

  private static int number(Call call) {
    String text = call.parameter("prNumber");
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw ProblemException.invalid("prNumber", "expected the number of a pull request");
    }
    return Integer.parseInt(text);
  }
}
