package dev.millrace.repositories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.repositories.GitHubApi.Answer;
import dev.millrace.repositories.GitHubRepository.Entry;
import dev.millrace.repositories.GitHubRepository.Head;
import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.runtime.queue.TaskTrailer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jgit.lib.FileMode;
import org.jspecify.annotations.Nullable;

/**
 * One commit of several files to a branch on GitHub: tree, commit, then the branch is moved, which
 * GitHub refuses if it is no fast-forward because somebody else moved it meanwhile.
 */
final class GitHubCommit {

  private static final int ATTEMPTS = 5;
  private static final int PAGE_SIZE = 100;

  private final GitHubRepository repository;
  private final String branch;
  private final CommitRequest request;

  GitHubCommit(GitHubRepository repository, String branch, CommitRequest request) {
    this.repository = repository;
    this.branch = branch;
    this.request = request;
  }

  CommitResult make() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<CommitResult> made = attempt();
      if (made.isPresent()) {
        return made.get();
      }
    }
    throw new RepositoryException(
        Reason.CONFLICT,
        "branch '%s' of %s was moved by others %d times; try again"
            .formatted(branch, repository.name(), ATTEMPTS));
  }

  /** Empty when somebody else moved the branch meanwhile. */
  private Optional<CommitResult> attempt() {
    Optional<String> before = branchHead();
    String headSha = before.isPresent() ? before.get() : repository.head(request.from()).sha();
    Optional<CommitResult> earlier = earlier(headSha);
    if (earlier.isPresent()) {
      return earlier;
    }
    Head head = repository.head(headSha);
    String tree = writeTree(head);
    if (tree.equals(head.tree())) {
      return Optional.of(result(headSha, null, true));
    }
    JsonNode commit = repository.post("/git/commits", commit(headSha, tree));
    String sha = repository.text(commit, "sha");
    boolean moved = before.isPresent() ? moveBranch(sha) : makeBranch(sha);
    return moved ? Optional.of(result(sha, page(commit), false)) : Optional.empty();
  }

  /** Newest commit of the branch; empty if it does not exist and may be made. */
  private Optional<String> branchHead() {
    Answer answer = repository.tryGet("/git/ref/heads/" + GitHubApi.encode(branch));
    if (answer.status() == 404 && request.from() != null) {
      return Optional.empty();
    }
    return Optional.of(repository.text(repository.succeeded(answer).json().path("object"), "sha"));
  }

  private boolean makeBranch(String sha) {
    ObjectNode made =
        JsonNodeFactory.instance.objectNode().put("ref", "refs/heads/" + branch).put("sha", sha);
    Answer answer = repository.tryPost("/git/refs", made);
    if (answer.status() == 422
        && answer
            .json()
            .path("message")
            .asText()
            .toLowerCase(Locale.ROOT)
            .contains("already exists")) {
      return false;
    }
    repository.succeeded(answer);
    return true;
  }

  private Optional<CommitResult> earlier(String headSha) {
    for (int page = 1; page <= TaskTrailer.HISTORY / PAGE_SIZE; page++) {
      JsonNode commits =
          repository.get(
              "/commits?sha=%s&per_page=%d&page=%d"
                  .formatted(GitHubRepository.query(headSha), PAGE_SIZE, page));
      for (JsonNode commit : commits) {
        if (TaskTrailer.isIn(commit.path("commit").path("message").asText(), request.taskId())) {
          return Optional.of(result(repository.text(commit, "sha"), page(commit), true));
        }
      }
      if (commits.size() < PAGE_SIZE) {
        break;
      }
    }
    return Optional.empty();
  }

  private String writeTree(Head head) {
    ObjectNode tree = tree(head);
    // GitHub refuses a tree that changes nothing.
    return tree.path("tree").isEmpty()
        ? head.tree()
        : repository.text(repository.post("/git/trees", tree), "sha");
  }

  private ObjectNode tree(Head head) {
    Map<String, Entry> existing = repository.entries(head.tree());
    Function<String, @Nullable FileMode> modeOf =
        path -> existing.containsKey(path) ? existing.get(path).mode() : null;
    ObjectNode tree = JsonNodeFactory.instance.objectNode().put("base_tree", head.tree());
    ArrayNode entries = tree.putArray("tree");
    request
        .files()
        .forEach((path, change) -> {
          switch (change) {
            case Write write ->
                entry(
                        entries,
                        path,
                        RepositoryPath.modeFor(
                            path,
                            write,
                            other -> request.deletes(other) ? null : modeOf.apply(other)))
                    .put("content", write.text());
            case Delete _ -> {
              FileMode mode = RepositoryPath.existing(path, modeOf);
              if (mode != null) {
                entry(entries, path, mode).putNull("sha");
              }
            }
          }
        });
    return tree;
  }

  private static ObjectNode entry(ArrayNode entries, String path, FileMode mode) {
    return entries.addObject().put("path", path).put("mode", mode.toString()).put("type", "blob");
  }

  private ObjectNode commit(String parent, String tree) {
    ObjectNode commit =
        JsonNodeFactory.instance
            .objectNode()
            .put("message", TaskTrailer.append(request.message(), request.taskId()))
            .put("tree", tree);
    commit.putArray("parents").add(parent);
    commit
        .putObject("author")
        .put("name", request.author().name())
        .put("email", request.author().email());
    return commit;
  }

  private boolean moveBranch(String sha) {
    ObjectNode move = JsonNodeFactory.instance.objectNode().put("sha", sha).put("force", false);
    Answer answer = repository.tryPatch("/git/refs/heads/" + GitHubApi.encode(branch), move);
    if (answer.status() == 409 || answer.status() == 422) {
      String message = answer.json().path("message").asText().toLowerCase(Locale.ROOT);
      if (answer.status() == 409 || message.contains("fast forward")) {
        return false;
      }
    }
    repository.succeeded(answer);
    return true;
  }

  private CommitResult result(String sha, @Nullable String url, boolean alreadyThere) {
    return new CommitResult(sha, url, branch, List.copyOf(request.files().keySet()), alreadyThere);
  }

  private static @Nullable String page(JsonNode commit) {
    return commit.path("html_url").asText(null);
  }
}
