package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A local git repository, asked with git itself. */
record GitCheckout(Path root) {

  /** GitHub names at most this many commits in a push. */
  private static final int MAX_COMMITS = 2_048;

  private static final String COMMIT = "\u001e";
  private static final String FIELD = "\u001f";
  private static final String FORMAT = COMMIT + String.join(FIELD, "%H", "%cI", "%an", "%s");

  boolean isRepository() throws InterruptedException {
    return run("rev-parse", "--git-dir").exitCode() == 0;
  }

  String head() throws InterruptedException {
    return git("rev-parse", "HEAD").strip();
  }

  String branch() throws InterruptedException {
    return git("rev-parse", "--abbrev-ref", "HEAD").strip();
  }

  /** Files below a folder at the newest commit. */
  List<String> files(String folder) throws InterruptedException {
    return git("ls-tree", "-r", "--name-only", "HEAD", folder).lines().toList();
  }

  /** Content of a file at the newest commit of a branch. */
  String show(String branch, String path) throws InterruptedException {
    return git("show", branch + ":" + path);
  }

  /**
   * The payload of a push of the newest commits, as many as it takes to name every file of a
   * folder.
   */
  ObjectNode push(String repository, String folder) throws InterruptedException {
    Set<String> wanted = new HashSet<>(files(folder));
    ArrayNode commits = JsonNodeFactory.instance.arrayNode();
    String before = "0".repeat(40);
    for (String logged : newestCommits()) {
      if (wanted.isEmpty() && !commits.isEmpty()) {
        before = logged.substring(0, logged.indexOf(FIELD));
        break;
      }
      commits.insert(0, commit(logged, wanted));
    }
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("ref", "refs/heads/" + branch()).put("before", before).put("after", head());
    payload
        .putObject("repository")
        .put("full_name", repository)
        .put("name", repository.substring(repository.indexOf('/') + 1))
        .put("default_branch", branch());
    payload.putObject("sender").put("login", "demo");
    payload.putObject("pusher").put("name", "demo");
    payload.set("commits", commits);
    payload.set("head_commit", commits.get(commits.size() - 1).deepCopy());
    return payload;
  }

  /** Each as a line in {@link #FORMAT}, and a line for each file that it changed. */
  private List<String> newestCommits() throws InterruptedException {
    String log =
        git(
            "log",
            "--first-parent",
            "--max-count=" + MAX_COMMITS,
            "--name-status",
            "--no-renames",
            "--format=" + FORMAT);
    return Stream.of(log.split(COMMIT)).filter(commit -> !commit.isBlank()).toList();
  }

  private static ObjectNode commit(String logged, Set<String> wanted) {
    String[] fields = logged.lines().findFirst().orElseThrow().split(FIELD, 4);
    ObjectNode commit = JsonNodeFactory.instance.objectNode();
    commit.put("id", fields[0]).put("timestamp", fields[1]).put("message", fields[3]);
    commit.putObject("author").put("name", fields[2]);
    ArrayNode added = commit.putArray("added");
    ArrayNode modified = commit.putArray("modified");
    ArrayNode removed = commit.putArray("removed");
    logged
        .lines()
        .skip(1)
        .filter(line -> !line.isBlank())
        .map(line -> line.split("\t", 2))
        .forEach(change -> {
          wanted.remove(change[1]);
          switch (change[0]) {
            case "A" -> added.add(change[1]);
            case "D" -> removed.add(change[1]);
            default -> modified.add(change[1]);
          }
        });
    return commit;
  }

  /** Runs git, which must succeed. */
  String git(String... arguments) throws InterruptedException {
    Result result = run(arguments);
    if (result.exitCode() != 0) {
      throw new StepFailedException(
          "git %s failed in %s: %s".formatted(String.join(" ", arguments), root, result.output()));
    }
    return result.output();
  }

  private record Result(int exitCode, String output) {}

  private Result run(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new StepFailedException("git cannot be run: " + e.getMessage(), e);
    }
  }
}
