package dev.millrace.repositories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.repositories.GitHubApi.Answer;
import dev.millrace.repositories.RepositoryException.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/** A repository on GitHub, through its REST API. Links inside the repository are followed. */
final class GitHubRepository implements Repository {

  /** What GitHub answers instead of a diff that has too many lines or files. */
  private static final int NOT_ACCEPTABLE = 406;

  private final String name;
  private final String base;
  private final GitHubApi api;

  GitHubRepository(String name, GitHubApi api) {
    this.name = name;
    this.base = "/repos/" + name;
    this.api = api;
  }

  /** A commit, as far as it matters here. */
  record Head(String sha, String tree, Instant committedAt) {}

  /** A regular file, a link, a folder or a submodule of a tree. */
  record Entry(FileMode mode, String sha) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public String defaultBranch() {
    return text(get(""), "default_branch");
  }

  @Override
  public Optional<RepositoryFile> read(String path, @Nullable String ref) {
    RepositoryPath.checkReadable(path);
    Head head = head(ref);
    Answer answer = api.tryGet(base + "/contents/" + GitHubApi.encode(path) + "?ref=" + head.sha());
    if (answer.status() == 404) {
      return Optional.empty();
    }
    JsonNode file = api.succeeded(name, answer).json();
    if (!file.path("type").asText().equals("file")) {
      return Optional.empty();
    }
    return Optional.of(new RepositoryFile(content(path, file), head.sha(), head.committedAt()));
  }

  /** GitHub puts the content of a file of up to a megabyte into its description. */
  private byte[] content(String path, JsonNode file) {
    long size = file.path("size").asLong();
    if (size > RepositoryFile.MAX_BYTES) {
      throw new RepositoryException(
          Reason.TOO_LARGE,
          "expected at most %d bytes, found %d in %s of %s"
              .formatted(RepositoryFile.MAX_BYTES, size, path, name));
    }
    if (file.path("encoding").asText().equals("base64")) {
      return Base64.getMimeDecoder().decode(text(file, "content"));
    }
    return api.getRaw(name, base + "/git/blobs/" + text(file, "sha"));
  }

  @Override
  public List<String> list(@Nullable String ref, String pathPrefix) {
    return files(head(ref)).keySet().stream().filter(path -> path.startsWith(pathPrefix)).toList();
  }

  @Override
  public List<ChangedFile> changedFiles(String fromSha, String toSha) {
    Map<String, String> from =
        ObjectId.zeroId().name().equals(fromSha) ? Map.of() : files(head(fromSha));
    return ChangedFile.between(from, files(head(toSha)));
  }

  @Override
  public Diff diff(String change, @Nullable String into, int maxBytes) {
    String target = into == null ? defaultBranch() : into;
    String path = "/compare/%s...%s".formatted(GitHubApi.encode(target), GitHubApi.encode(change));
    Answer answer = api.tryGetDiff(base + path);
    byte[] diff =
        answer.status() == NOT_ACCEPTABLE ? patches(get(path)) : succeeded(answer).bytes();
    return Diff.startOf(diff, maxBytes);
  }

  /** A diff that is too long for one answer: its files, with what GitHub shows of each. */
  private byte[] patches(JsonNode comparison) {
    StringBuilder diff = new StringBuilder();
    for (JsonNode file : comparison.path("files")) {
      String path = text(file, "filename");
      String before = file.path("previous_filename").asText(path);
      diff.append("diff --git a/%s b/%s\n".formatted(before, path))
          .append("--- %s\n".formatted(isIn(file, "added") ? "/dev/null" : "a/" + before))
          .append("+++ %s\n".formatted(isIn(file, "removed") ? "/dev/null" : "b/" + path))
          .append(file.path("patch").asText("Too long, or binary: GitHub shows nothing of it"))
          .append('\n');
    }
    return diff.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isIn(JsonNode file, String status) {
    return file.path("status").asText().equals(status);
  }

  @Override
  public CommitResult commit(CommitRequest request) {
    String branch = request.branch() == null ? defaultBranch() : request.branch();
    return new GitHubCommit(this, branch, request).make();
  }

  /** GitHub merges in the name of the token's account. */
  @Override
  public String merge(
      String branch, @Nullable String commit, @Nullable String into, CommitRequest.Author author) {
    String target = into == null ? defaultBranch() : into;
    String merged = branch;
    if (commit != null) {
      merged = head(branch).sha();
      Reviewed.require(name, "branch '" + branch + "'", commit, merged);
    }
    JsonNode asked = JsonNodeFactory.instance.objectNode().put("base", target).put("head", merged);
    Answer answer = api.tryPost(base + "/merges", asked);
    return switch (answer.status()) {
      case 204 -> head(target).sha();
      case 409 ->
          throw new RepositoryException(
              Reason.CONFLICT,
              "GitHub cannot merge '%s' into '%s' in %s: the branches changed the same lines"
                  .formatted(branch, target, name));
      default -> text(api.succeeded(name, answer).json(), "sha");
    };
  }

  @Override
  public String cloneTo(Path folder, @Nullable String branch) {
    String wanted = branch == null ? defaultBranch() : branch;
    // GitHub's API tells what is missing, forbidden or limited; git's protocol only that it failed.
    get("/git/ref/heads/" + GitHubApi.encode(wanted));
    return Cloning.clone(name, text(get(""), "clone_url"), folder, wanted, api.login());
  }

  /** Hash of every regular file by its path. */
  private Map<String, String> files(Head head) {
    Map<String, String> files = new TreeMap<>();
    entries(head.tree())
        .forEach((path, entry) -> {
          if (RepositoryPath.isFile(entry.mode())) {
            files.put(path, entry.sha());
          }
        });
    return files;
  }

  /** Everything in a tree, by its path. */
  Map<String, Entry> entries(String tree) {
    Map<String, Entry> entries = new TreeMap<>();
    putEntries(tree, "", entries);
    return entries;
  }

  /** What is too much for one answer is asked for folder by folder, as GitHub advises. */
  private void putEntries(String tree, String folder, Map<String, Entry> entries) {
    JsonNode all = get("/git/trees/" + tree + "?recursive=1");
    if (!isTruncated(all)) {
      forEachEntry(all, (path, entry) -> entries.put(folder + path, entry));
      return;
    }
    JsonNode direct = get("/git/trees/" + tree);
    if (isTruncated(direct)) {
      throw new RepositoryException(
          Reason.TOO_LARGE,
          "a folder of %s has more files than GitHub lists: /%s".formatted(name, folder));
    }
    forEachEntry(
        direct,
        (path, entry) -> {
          entries.put(folder + path, entry);
          if (entry.mode().equals(FileMode.TREE)) {
            putEntries(entry.sha(), folder + path + '/', entries);
          }
        });
  }

  private static boolean isTruncated(JsonNode tree) {
    return tree.path("truncated").asBoolean();
  }

  private void forEachEntry(JsonNode tree, BiConsumer<String, Entry> use) {
    for (JsonNode entry : tree.path("tree")) {
      FileMode mode = FileMode.fromBits(Integer.parseInt(text(entry, "mode"), 8));
      use.accept(text(entry, "path"), new Entry(mode, text(entry, "sha")));
    }
  }

  /** The newest commit of a ref. */
  Head head(@Nullable String ref) {
    String wanted = ref == null ? defaultBranch() : ref;
    Answer answer = api.tryGet(base + "/commits/" + GitHubApi.encode(wanted));
    if (answer.status() == 409 || answer.status() == 422) {
      throw new RepositoryException(
          Reason.NOT_FOUND,
          "GitHub finds no branch, tag or commit '%s' in %s: check its name"
              .formatted(wanted, name));
    }
    JsonNode commit = api.succeeded(name, answer).json();
    return new Head(
        text(commit, "sha"),
        text(commit.path("commit").path("tree"), "sha"),
        instant(commit.path("commit").path("committer").path("date").asText()));
  }

  JsonNode get(String path) {
    return api.get(name, base + path);
  }

  JsonNode post(String path, JsonNode body) {
    return api.post(name, base + path, body);
  }

  Answer tryGet(String path) {
    return api.tryGet(base + path);
  }

  Answer tryPost(String path, JsonNode body) {
    return api.tryPost(base + path, body);
  }

  Answer tryPatch(String path, JsonNode body) {
    return api.tryPatch(base + path, body);
  }

  Answer succeeded(Answer answer) {
    return api.succeeded(name, answer);
  }

  /** A value for the query of an address. */
  static String query(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new RepositoryException(
          Reason.UNAVAILABLE,
          "expected '%s' in GitHub's answer about %s, found none: check GITHUB_API_URL"
              .formatted(field, name));
    }
    return value.asText();
  }

  private Instant instant(String date) {
    try {
      return Instant.parse(date);
    } catch (DateTimeParseException e) {
      throw new RepositoryException(
          Reason.UNAVAILABLE, "expected a date in GitHub's answer about " + name, e);
    }
  }
}
