package dev.millrace.repositories;

import static dev.millrace.fixture.ScratchGit.commitAll;
import static dev.millrace.repositories.LocalGit.local;
import static dev.millrace.repositories.LocalGit.log;
import static dev.millrace.repositories.LocalGit.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.repositories.ChangedFile.Change;
import dev.millrace.repositories.RepositoryException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a local repository reads, at any ref. */
class LocalReadTest {

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
}
