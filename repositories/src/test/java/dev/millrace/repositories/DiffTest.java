package dev.millrace.repositories;

import static dev.millrace.fixture.ScratchGit.commitAll;
import static dev.millrace.repositories.LocalGit.local;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.fixture.FakeGitHub;
import dev.millrace.runtime.config.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change does, in repositories on this machine and on GitHub. */
class DiffTest {

  private static final int PLENTY = 100_000;

  @TempDir private Path folder;

  /** A branch {@code fix} that changes the guide, while {@code main} goes on. */
  private Repository withAFix() throws Exception {
    Path checkout = new LocalGit(folder).checkout;
    try (Git git = Git.open(checkout.toFile())) {
      git.checkout().setCreateBranch(true).setName("fix").call();
      Files.writeString(checkout.resolve("docs/guide.md"), "# Guide\nMore\n");
      Files.write(checkout.resolve("sail.png"), new byte[] {0, 1, 2});
      commitAll(git, "Fix");
      git.checkout().setName("main").call();
      Files.writeString(checkout.resolve("elsewhere.md"), "Meanwhile\n");
      commitAll(git, "Go on");
    }
    return local(checkout);
  }

  @Test
  void theDiffOfABranchBeginsWhereItLeftTheOther() throws Exception {
    Diff diff = withAFix().diff("fix", null, PLENTY);

    assertThat(diff.cut()).isFalse();
    assertThat(diff.text())
        .contains("+++ b/docs/guide.md", "@@ -1 +1,2 @@", "+More", "sail.png")
        .doesNotContain("elsewhere");
    assertThat(diff.shows("docs/guide.md", 2)).isTrue();
    assertThat(diff.shows("docs/guide.md", 3)).isFalse();
    assertThat(diff.shows("run.sh", 1)).isFalse();
  }

  @Test
  void aLongDiffIsCutAfterAWholeLine() throws Exception {
    Repository repository = withAFix();
    int length = repository.diff("fix", "main", PLENTY).text().length();

    Diff diff = repository.diff("fix", "main", length - 1);

    assertThat(diff.cut()).isTrue();
    assertThat(diff.text()).endsWith("\n").hasSizeLessThan(length);
    assertThat(diff.text()).contains("+More");
  }

  @Test
  void aBranchThatIsMissingIsNotFound() throws Exception {
    Repository repository = withAFix();

    assertThatThrownBy(() -> repository.diff("none", "main", PLENTY))
        .hasMessageContaining("no branch, tag or commit 'none'");
  }

  @Test
  void gitHubComparesAndSaysInPartsWhatIsTooLong() throws Exception {
    try (FakeGitHub server = new FakeGitHub()) {
      server.pullRequest.diff = "diff --git a/x b/x\n";
      Repository repository =
          Repositories.from(Environment.of(Map.of("GITHUB_API_URL", server.url().toString())))
              .repository("acme/site");

      assertThat(repository.diff("feature/a b", "main", PLENTY).text())
          .isEqualTo("diff --git a/x b/x\n");
      assertThat(server.requests().getLast())
          .isEqualTo("GET /repos/acme/site/compare/main...feature/a%20b");

      server.pullRequest.tooLong = true;
      Diff parts = repository.diff("fix", "main", PLENTY);

      assertThat(parts.shows("docs/guide.md", 2)).isTrue();
      assertThat(parts.text()).contains("+More", "+++ b/sail.png", "GitHub shows nothing of it");
    }
  }
}
