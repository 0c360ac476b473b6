package dev.millrace.repositories;

import static dev.millrace.repositories.LocalGit.AUTHOR;
import static dev.millrace.repositories.LocalGit.changing;
import static dev.millrace.repositories.LocalGit.local;
import static dev.millrace.repositories.LocalGit.log;
import static dev.millrace.repositories.LocalGit.request;
import static dev.millrace.repositories.LocalGit.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Mode;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.repositories.RepositoryException.Reason;
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
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a local repository commits, and what it leaves alone. */
class LocalCommitTest {

  @TempDir private Path folder;

  private Path checkout = Path.of("");
  private Path bare = Path.of("");

  @BeforeEach
  void makeRepositories() throws IOException {
    LocalGit git = new LocalGit(folder);
    checkout = git.checkout;
    bare = git.bare;
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
  void makesAnExecutableARegularFile() throws Exception {
    local(checkout)
        .commit(changing("t-1", Map.of("run.sh", new Write("#!/bin/sh\n", Mode.REGULAR))));

    assertThat(Files.isExecutable(checkout.resolve("run.sh"))).isFalse();
  }

  @Test
  void movesAFileAndMakesAnotherExecutable() throws Exception {
    local(checkout)
        .commit(
            changing(
                "t-1",
                Map.of(
                    "docs/guide.md", new Delete(),
                    "docs/never-there.md", new Delete(),
                    "guide.sh", new Write("#!/bin/sh\n", Mode.EXECUTABLE))));

    assertThat(checkout.resolve("docs")).doesNotExist();
    assertThat(checkout.resolve("guide.sh")).isExecutable();
    assertThat(local(checkout).list(null, "")).containsExactly("guide.sh", "run.sh");
  }

  @Test
  void aFileMakesRoomForAFolder() throws Exception {
    local(bare)
        .commit(
            changing("t-1", Map.of("run.sh", new Delete(), "run.sh/main.sh", new Write("true\n"))));

    assertThat(text(local(bare), "run.sh/main.sh", null)).isEqualTo("true\n");
  }

  @Test
  void aWorkflowIsNotDeletedWithoutPermission() {
    assertThatThrownBy(() -> changing("t-1", Map.of(".github/workflows/ci.yml", new Delete())))
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("invalid_path"));
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
}
