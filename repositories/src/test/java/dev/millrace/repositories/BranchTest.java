package dev.millrace.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.fixture.FakeGitHub;
import dev.millrace.fixture.FakeObjects;
import dev.millrace.fixture.ScratchGit;
import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.runtime.config.Environment;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Branches that are made for a change, and merged. */
class BranchTest {

  private static final Author AUTHOR = new Author("An agent", "agent@example.org");

  @TempDir Path folder;

  @BeforeEach
  void begin() {
    ScratchGit.checkout(folder, Map.of("a.md", "one\n")).close();
  }

  private Repository local() {
    return Repositories.from(Environment.of(Map.of("LOCAL_REPOSITORIES", "acme/site=" + folder)))
        .repository("acme/site");
  }

  private static CommitRequest write(
      String branch, @Nullable String from, String task, String path, String text) {
    return new CommitRequest(
        branch, "Write", Map.of(path, new FileChange.Write(text)), task, AUTHOR, false, from);
  }

  @Test
  void aBranchIsMadeForTheFirstCommitAndGoesOnWithTheNext() {
    // given
    Repository repository = local();
    CommitResult first = repository.commit(write("fix", "main", "t-1", "b.md", "b"));

    // when
    CommitResult again = repository.commit(write("fix", "main", "t-1", "b.md", "b"));
    repository.commit(write("fix", "main", "t-2", "c.md", "c"));

    // then
    assertThat(again.sha()).isEqualTo(first.sha());
    assertThat(repository.list("fix", "")).containsExactly("a.md", "b.md", "c.md");
    assertThat(repository.list("main", "")).containsExactly("a.md");
  }

  @Test
  void aBranchThatMustExistIsNotMade() {
    assertThatThrownBy(() -> local().commit(write("fix", null, "t-1", "b.md", "b")))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("has no branch 'fix'");
  }

  @Test
  void aBranchIsMergedOnceAndTheWorkTreeFollows() {
    // given
    Repository repository = local();
    repository.commit(write("fix", "main", "t-1", "b.md", "b"));
    repository.commit(write("main", null, "t-2", "c.md", "c"));

    // when
    String merged = repository.merge("fix", null, null, AUTHOR);

    // then
    assertThat(repository.list("main", "")).containsExactly("a.md", "b.md", "c.md");
    assertThat(folder.resolve("b.md")).hasContent("b");
    assertThat(repository.merge("fix", null, "main", AUTHOR)).isEqualTo(merged);
  }

  @Test
  void aBranchThatWentOnSinceItsReviewIsNotMerged() {
    // given
    Repository repository = local();
    String reviewed = repository.commit(write("fix", "main", "t-1", "b.md", "b")).sha();
    repository.commit(write("fix", null, "t-2", "c.md", "c"));

    // then
    assertThatThrownBy(() -> repository.merge("fix", reviewed, "main", AUTHOR))
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("refused"))
        .hasMessageContaining(reviewed);
    assertThat(repository.list("main", "")).containsExactly("a.md");
  }

  @Test
  void branchesThatChangedTheSameLinesAreAConflict() {
    // given
    Repository repository = local();
    repository.commit(write("fix", "main", "t-1", "a.md", "two\n"));
    repository.commit(write("main", null, "t-2", "a.md", "three\n"));

    // then
    assertThatThrownBy(() -> repository.merge("fix", null, "main", AUTHOR))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("changed the same lines");
    assertThat(folder.resolve("a.md")).hasContent("three\n");
  }

  @Test
  void aBranchIsMadeOnGitHubAsWell() {
    try (FakeGitHub github = new FakeGitHub()) {
      // given
      github.commit("main", "Begin", Map.of("a.md", new FakeObjects.Blob("100644", "one")));
      Repository repository =
          Repositories.from(Environment.of(Map.of("GITHUB_API_URL", github.url().toString())))
              .repository("acme/site");

      // when
      repository.commit(write("millrace/t", "main", "t-1", "b.md", "b"));
      repository.commit(write("millrace/t", "main", "t-2", "c.md", "c"));

      // then
      assertThat(github.tree(github.head("millrace/t").sha()))
          .containsOnlyKeys("a.md", "b.md", "c.md");
      assertThat(github.tree(github.head("main").sha())).containsOnlyKeys("a.md");
    }
  }

  @Test
  void whatGitHubSaysToAMergeIsTold() {
    try (FakeGitHub github = new FakeGitHub()) {
      github.commit("main", "Begin", Map.of("a.md", new FakeObjects.Blob("100644", "one")));
      Repository repository =
          Repositories.from(Environment.of(Map.of("GITHUB_API_URL", github.url().toString())))
              .repository("acme/site");
      String merges = "POST /repos/acme/site/merges";

      github.failNext(merges, 409, Map.of(), "Merge conflict");
      assertThat(failure(repository).code()).isEqualTo("conflict");
      github.failNext(merges, 404, Map.of(), "Base does not exist");
      assertThat(failure(repository).code()).isEqualTo("not_found");
      github.failNext(
          merges, 403, Map.of(), "You have exceeded a secondary rate limit. Please wait.");
      assertThat(failure(repository).isRetriable()).isTrue();
    }
  }

  private static RepositoryException failure(Repository repository) {
    try {
      throw new AssertionError("merged as " + repository.merge("fix", null, "main", AUTHOR));
    } catch (RepositoryException e) {
      return e;
    }
  }
}
