package dev.millrace.worker.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.Runs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultCommitterTest {

  private static final AgentRun RUN =
      Runs.in(
          new Place(GitFixture.NAME, "docs/a.md", null), "documentation", "Write a page", Map.of());

  @TempDir private Path folder;
  private GitFixture git;
  private ResultCommitter committer;

  @BeforeEach
  void open() {
    git = new GitFixture(folder, Map.of("README.md", "# Acme\n"));
    committer =
        new ResultCommitter(git.repositories(), new Author("Bot", "bot@example.org"), false);
  }

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void aResultIsCommittedOnceHoweverOftenItIsDelivered() {
    List<ResultFile> files = List.of(new ResultFile("docs/a.md", "# A\n"));

    Commit first = committer.commit(RUN, Provider.OFFLINE, files).orElseThrow();
    Commit again = committer.commit(RUN, Provider.OFFLINE, files).orElseThrow();

    assertThat(again.getSha()).isEqualTo(first.getSha());
    assertThat(first.getRepository()).isEqualTo(GitFixture.NAME);
    assertThat(first.getBranch()).isEqualTo(GitFixture.BRANCH);
    assertThat(first.getPaths()).containsExactly("docs/a.md");
    assertThat(git.read("docs/a.md")).isEqualTo("# A\n");
    assertThat(git.messages()).hasSize(2);
    assertThat(git.messages().getFirst())
        .startsWith("documentation: Write a page\n")
        .contains("agent claude (offline)")
        .contains("Millrace-Task: task-1");
  }

  @Test
  void nothingIsCommittedWithoutFiles() {
    assertThat(committer.commit(RUN, Provider.OFFLINE, List.of())).isEmpty();
    assertThat(git.messages()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.md",
        "/etc/passwd",
        "docs/../../x",
        ".git/config",
        ".GIT/hooks/x",
        ".github/workflows/x.yml"
      })
  void aPathThatLeavesTheRepositoryOrIsProtectedIsRefused(String path) {
    assertThatExceptionOfType(RepositoryException.class)
        .isThrownBy(
            () -> committer.commit(RUN, Provider.OFFLINE, List.of(new ResultFile(path, "x"))))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_PATH));
    assertThat(git.messages()).hasSize(1);
  }

  @Test
  void aMissingRepositoryOnGithubSaysWhatToCheck() {
    AgentFailure failure =
        RepositoryFailures.of(
            "commit", false, new RepositoryException(Reason.NOT_FOUND, "check the name"));

    assertThat(failure.message()).isEqualTo("GitHub commit failed: 404: check the name");
    assertThat(failure.code()).isEqualTo("repository_not_found");
    assertThat(failure.retryable()).isFalse();
  }
}
