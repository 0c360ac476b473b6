package dev.millrace.repositories;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Git's objects and branches in maps; a hash is made from what it stands for. */
final class FakeObjects {

  private final Map<String, Map<String, Blob>> trees = new HashMap<>();
  private final Map<String, FakeCommit> commits = new HashMap<>();
  private final Map<String, String> branches = new HashMap<>();

  record Blob(String mode, String text) {
    String sha() {
      return FakeObjects.sha("blob" + text);
    }
  }

  record FakeCommit(String sha, String tree, @Nullable String parent, String message) {}

  /** Commits these files on top of a branch, which is made if need be. */
  String commit(String branch, String message, Map<String, Blob> files) {
    String parent = branches.get(branch);
    Map<String, Blob> tree = new TreeMap<>();
    if (parent != null) {
      tree.putAll(filesOf(parent));
    }
    tree.putAll(files);
    FakeCommit commit = store(storeTree(tree), parent, message);
    branches.put(branch, commit.sha());
    return commit.sha();
  }

  @Nullable String branch(String name) {
    return branches.get(name);
  }

  void move(String branch, String commit) {
    branches.put(branch, commit);
  }

  FakeCommit head(String branch) {
    return commit(known(branches, branch));
  }

  /** The commit of a branch or a hash. */
  @Nullable FakeCommit find(String ref) {
    return commits.get(branches.getOrDefault(ref, ref));
  }

  FakeCommit commit(String sha) {
    return known(commits, sha);
  }

  /** A commit and all before it, the newest first. */
  List<FakeCommit> history(@Nullable String newest) {
    List<FakeCommit> all = new ArrayList<>();
    for (String sha = newest; sha != null; sha = commit(sha).parent()) {
      all.add(commit(sha));
    }
    return all;
  }

  Map<String, Blob> tree(String sha) {
    return known(trees, sha);
  }

  Map<String, Blob> filesOf(String commit) {
    return tree(commit(commit).tree());
  }

  @Nullable Blob blob(String sha) {
    return trees.values().stream()
        .flatMap(tree -> tree.values().stream())
        .filter(blob -> blob.sha().equals(sha))
        .findFirst()
        .orElse(null);
  }

  String storeTree(Map<String, Blob> tree) {
    String sha = sha("tree" + tree);
    trees.put(sha, tree);
    return sha;
  }

  FakeCommit store(String tree, @Nullable String parent, String message) {
    String sha = sha("commit" + tree + parent + message);
    FakeCommit commit = new FakeCommit(sha, tree, parent, message);
    commits.put(sha, commit);
    return commit;
  }

  private static <V> V known(Map<String, V> map, String key) {
    return requireNonNull(map.get(key), key);
  }

  static String sha(String text) {
    return "%08x".formatted(text.hashCode()).repeat(5);
  }
}
