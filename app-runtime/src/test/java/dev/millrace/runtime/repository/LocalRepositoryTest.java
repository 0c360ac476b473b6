package dev.millrace.runtime.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.repository.ChangedFile.Change;
import dev.millrace.runtime.repository.CommitRequest.Author;
import dev.millrace.runtime.repository.RepositoryException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRepositoryTest {

  private static final Author AUTHOR = new Author("Documentation agent", "agent@example.org");

  @TempDir Path folder;

  private Path checkout = Path.of("");
  private Path bare = Path.of("");

  /** A checkout with one commit on {@code main}, and a bare clone of it. */
  @BeforeEach
  void makeRepositories() throws IOException, GitAPIException {
    checkout = Files.createDirectory(folder.resolve("checkout"));
    bare = folder.resolve("bare.git");
    try (Git git = Git.init().setDirectory(checkout.toFile()).setInitialBranch("main").call()) {
      Files.createDirectories(checkout.resolve("docs"));
      Files.writeString(checkout.resolve("docs/guide.md"), "# Guide\n");
      Files.writeString(checkout.resolve("run.sh"), "#!/bin/sh\n");
      assertThat(checkout.resolve("run.sh").toFile().setExecutable(true)).isTrue();
      Files.createSymbolicLink(checkout.resolve("outside"), Path.of("/etc"));
      commitAll(git, "Begin");
      try (Git clone =
          Git.cloneRepository()
              .setURI(checkout.toUri().toString())
              .setDirectory(bare.toFile())
              .setBare(true)
              .call()) {
        assertThat(clone.getRepository().isBare()).isTrue();
      }
    }
  }

  @Test
  void readsAFileAsOfTheDefaultBranch() throws Exception {
    RepositoryFile file = local(bare).read("docs/guide.md", null).orElseThrow();

    assertThat(file.text()).isEqualTo("# Guide\n");
    assertThat(file.commitSha()).isEqualTo(log(bare, "main").getFirst().name());
    assertThat(file.committedAt().getEpochSecond())
        .isEqualTo(log(bare, "main").getFirst().getCommitTime());
  }

  @Test
  void readsAFileAsOfABranchATagAndACommit() throws Exception {
    String first = log(checkout, "main").getFirst().name();
    try (Git git = Git.open(checkout.toFile())) {
      git.tag().setName("v1").call();
      git.branchCreate().setName("topic/old").call();
      Files.writeString(checkout.resolve("docs/guide.md"), "# New\n");
      commitAll(git, "Renew");
    }
    Repository repository = local(checkout);

    assertThat(text(repository, null)).isEqualTo("# New\n");
    assertThat(text(repository, "main")).isEqualTo("# New\n");
    assertThat(text(repository, "topic/old")).isEqualTo("# Guide\n");
    assertThat(text(repository, "refs/heads/topic/old")).isEqualTo("# Guide\n");
    assertThat(text(repository, "v1")).isEqualTo("# Guide\n");
    assertThat(text(repository, first)).isEqualTo("# Guide\n");
    assertThat(text(repository, first.substring(0, 10))).isEqualTo("# Guide\n");
  }

  @Test
  void aFileThatIsMissingAFolderOrALinkIsNoFile() {
    assertThat(local(bare).read("docs/none.md", "main")).isEmpty();
    assertThat(local(bare).read("docs", "main")).isEmpty();
    assertThat(local(bare).read("outside", "main")).isEmpty();
    assertThat(local(bare).read("outside/passwd", "main")).isEmpty();
  }

  @Test
  void aRefThatIsMissingOrAnExpressionIsNotFound() {
    for (String ref :
        List.of("none", "main~0", "main^{tree}", "HEAD@{1}", "-x y", "f".repeat(40))) {
      assertThatThrownBy(() -> local(bare).read("docs/guide.md", ref))
          .isInstanceOfSatisfying(
              RepositoryException.class, e -> assertThat(e.code()).isEqualTo("not_found"))
          .hasMessageContaining("acme/site has no branch, tag or commit '" + ref + "'");
    }
  }

  @Test
  void aPathThatLeavesTheRepositoryIsRefused() {
    assertThatThrownBy(() -> local(bare).read("../bare.git/HEAD", null))
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_PATH));
  }

  @Test
  void aFolderWithoutARepositoryIsNotFound() {
    assertThatThrownBy(() -> local(folder.resolve("nothing")).defaultBranch())
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("not_found"))
        .hasMessageContaining("LOCAL_REPOSITORIES");
  }

  @Test
  void listsRegularFilesByPrefix() {
    assertThat(local(bare).list(null, "")).containsExactly("docs/guide.md", "run.sh");
    assertThat(local(bare).list("main", "docs/")).containsExactly("docs/guide.md");
  }

  @Test
  void tellsWhatChangedBetweenTwoCommits() throws Exception {
    String from = log(checkout, "main").getFirst().name();
    try (Git git = Git.open(checkout.toFile())) {
      Files.writeString(checkout.resolve("docs/guide.md"), "# New\n");
      Files.writeString(checkout.resolve("docs/added.md"), "# Added\n");
      Files.delete(checkout.resolve("run.sh"));
      git.rm().addFilepattern("run.sh").call();
      commitAll(git, "Change");
    }
    String to = log(checkout, "main").getFirst().name();

    assertThat(local(checkout).changedFiles(from, to))
        .containsExactly(
            new ChangedFile("docs/added.md", Change.ADDED),
            new ChangedFile("docs/guide.md", Change.MODIFIED),
            new ChangedFile("run.sh", Change.REMOVED));
    assertThat(local(checkout).changedFiles(ObjectId.zeroId().name(), from))
        .containsExactly(
            new ChangedFile("docs/guide.md", Change.ADDED),
            new ChangedFile("run.sh", Change.ADDED));
  }

  @Test
  void commitsToABareRepository() throws Exception {
    RevCommit before = log(bare, "main").getFirst();

    CommitResult result =
        local(bare).commit(request(null, "t-1", Map.of("docs/new.md", "# New\n", "a/b.md", "b")));

    RevCommit commit = log(bare, "main").getFirst();
    assertThat(result)
        .isEqualTo(
            new CommitResult(commit.name(), null, "main", List.of("a/b.md", "docs/new.md"), false));
    assertThat(commit.getParent(0)).isEqualTo(before);
    assertThat(commit.getFullMessage()).isEqualTo("Write the guide\n\nMillrace-Task: t-1\n");
    assertThat(commit.getAuthorIdent().getName()).isEqualTo("Documentation agent");
    assertThat(local(bare).list(null, ""))
        .containsExactly("a/b.md", "docs/guide.md", "docs/new.md", "run.sh");
  }

  @Test
  void keepsTheModeOfAnExecutable() throws Exception {
    local(checkout).commit(request("main", "t-1", Map.of("run.sh", "#!/bin/sh\necho hello\n")));

    assertThat(checkout.resolve("run.sh")).isExecutable();
  }

  @Test
  void theSameTaskCommitsOnce() throws Exception {
    Repository repository = local(bare);
    CommitResult first = repository.commit(request(null, "t-1", Map.of("a.md", "one")));
    repository.commit(request(null, "t-2", Map.of("b.md", "two")));

    CommitResult again = repository.commit(request(null, "t-1", Map.of("a.md", "other text")));

    assertThat(again.alreadyThere()).isTrue();
    assertThat(again.sha()).isEqualTo(first.sha());
    assertThat(log(bare, "main")).hasSize(3);
  }

  @Test
  void aTaskNamedAboveTheLastLineDoesNotCount() throws Exception {
    Repository repository = local(bare);
    repository.commit(
        new CommitRequest(null, "Lie\n\nMillrace-Task: t-2", Map.of("a.md", "one"), "t-1", AUTHOR));

    CommitResult result = repository.commit(request(null, "t-2", Map.of("b.md", "two")));

    assertThat(result.alreadyThere()).isFalse();
  }

  @Test
  void filesThatAreThereAlreadyAreNotCommittedAgain() throws Exception {
    CommitResult result =
        local(bare).commit(request(null, "t-1", Map.of("docs/guide.md", "# Guide\n")));

    assertThat(result.alreadyThere()).isTrue();
    assertThat(log(bare, "main")).hasSize(1);
  }

  @Test
  void aBranchThatIsMissingIsNotFound() {
    assertThatThrownBy(() -> local(bare).commit(request("none", "t-1", Map.of("a.md", "one"))))
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND))
        .hasMessageContaining("has no branch 'none'");
  }

  @Test
  void makesTheFirstCommitOfAnEmptyRepository() throws Exception {
    Path empty = folder.resolve("empty.git");
    Git.init().setDirectory(empty.toFile()).setBare(true).setInitialBranch("main").call().close();

    CommitResult result = local(empty).commit(request(null, "t-1", Map.of("README.md", "hello")));

    assertThat(result.branch()).isEqualTo("main");
    assertThat(text(local(empty), "README.md", null)).isEqualTo("hello");
  }

  @Test
  void theWorkTreeFollowsWhenTheBranchIsCheckedOut() throws Exception {
    Files.writeString(checkout.resolve("notes.txt"), "mine, untracked");

    local(checkout).commit(request("main", "t-1", Map.of("docs/new.md", "# New\n")));

    assertThat(checkout.resolve("docs/new.md")).hasContent("# New\n");
    try (Git git = Git.open(checkout.toFile())) {
      assertThat(git.status().call().hasUncommittedChanges()).isFalse();
    }
    assertThat(checkout.resolve("notes.txt")).exists();
  }

  @Test
  void anotherBranchLeavesTheWorkTreeAlone() throws Exception {
    try (Git git = Git.open(checkout.toFile())) {
      git.branchCreate().setName("topic").call();
    }

    local(checkout).commit(request("topic", "t-1", Map.of("docs/new.md", "# New\n")));

    assertThat(checkout.resolve("docs/new.md")).doesNotExist();
    assertThat(text(local(checkout), "docs/new.md", "topic")).isEqualTo("# New\n");
  }

  @Test
  void changesInTheWorkTreeAreNeverOverwritten() throws Exception {
    Files.writeString(checkout.resolve("docs/guide.md"), "my own draft");
    Files.writeString(checkout.resolve("docs/untracked.md"), "mine too");

    for (String path : List.of("docs/guide.md", "docs/untracked.md")) {
      assertThatThrownBy(
              () -> local(checkout).commit(request("main", "t-" + path, Map.of(path, "new"))))
          .isInstanceOfSatisfying(
              RepositoryException.class, e -> assertThat(e.code()).isEqualTo("conflict"))
          .hasMessageContaining(path);
    }

    assertThat(checkout.resolve("docs/guide.md")).hasContent("my own draft");
    assertThat(checkout.resolve("docs/untracked.md")).hasContent("mine too");
    assertThat(log(checkout, "main")).hasSize(1);
  }

  @Test
  void aLinkIsNeitherReplacedNorFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(checkout.resolve("untracked-link"), elsewhere);

    for (String path : List.of("outside", "outside/new.md", "untracked-link/new.md")) {
      assertThatThrownBy(() -> local(checkout).commit(request("main", "t-1", Map.of(path, "x"))))
          .isInstanceOfSatisfying(
              RepositoryException.class, e -> assertThat(e.code()).isEqualTo("invalid_path"));
    }

    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void commitsThatRaceAreAllMadeOneAfterTheOther() throws Exception {
    int tasks = 12;
    List<Future<CommitResult>> results = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      Repository one = local(bare);
      Repository other = local(bare);
      for (int i = 0; i < tasks; i++) {
        Repository repository = i % 2 == 0 ? one : other;
        CommitRequest request = request(null, "t-" + i, Map.of("file-" + i + ".md", "text"));
        results.add(executor.submit(() -> commitUntilWon(repository, request)));
      }
    }

    for (Future<CommitResult> result : results) {
      assertThat(result.get().alreadyThere()).isFalse();
    }
    assertThat(log(bare, "main")).hasSize(tasks + 1);
    assertThat(local(bare).list(null, "file-")).hasSize(tasks);
  }

  /** Losing every race in a row is a conflict, which is retriable; bounded all the same. */
  private static CommitResult commitUntilWon(Repository repository, CommitRequest request) {
    for (int i = 0; ; i++) {
      try {
        return repository.commit(request);
      } catch (RepositoryException e) {
        if (!e.isRetriable() || i == 20) {
          throw e;
        }
      }
    }
  }

  private static Repository local(Path path) {
    return new LocalRepository("acme/site", path);
  }

  private static CommitRequest request(
      @Nullable String branch, String taskId, Map<String, String> files) {
    return new CommitRequest(branch, "Write the guide\n", files, taskId, AUTHOR);
  }

  private static String text(Repository repository, @Nullable String ref) {
    return text(repository, "docs/guide.md", ref);
  }

  private static String text(Repository repository, String path, @Nullable String ref) {
    return new String(repository.read(path, ref).orElseThrow().content(), UTF_8);
  }

  private static void commitAll(Git git, String message) throws GitAPIException {
    git.add().addFilepattern(".").call();
    git.commit()
        .setMessage(message)
        .setAuthor("Somebody", "somebody@example.org")
        .setCommitter("Somebody", "somebody@example.org")
        .setSign(false)
        .call();
  }

  private static List<RevCommit> log(Path path, String branch) throws Exception {
    try (Git git = Git.open(path.toFile())) {
      List<RevCommit> commits = new ArrayList<>();
      git.log().add(git.getRepository().resolve(branch)).call().forEach(commits::add);
      return commits;
    }
  }
}
