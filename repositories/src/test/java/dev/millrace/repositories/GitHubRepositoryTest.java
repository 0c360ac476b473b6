package dev.millrace.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.fixture.FakeGitHub;
import dev.millrace.fixture.FakeObjects;
import dev.millrace.fixture.FakeObjects.Blob;
import dev.millrace.repositories.ChangedFile.Change;
import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.runtime.config.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHubRepositoryTest {

  private static final String REF = "PATCH /repos/acme/site/git/refs/heads/main";
  private static final Author AUTHOR = new Author("Documentation agent", "agent@example.org");

  private final FakeGitHub github;
  private final Repository repository;
  private String first = "";

  GitHubRepositoryTest() {
    github = new FakeGitHub();
    repository = repository(Map.of("GITHUB_TOKEN", "not-a-real-token"));
  }

  private Repository repository(Map<String, String> variables) {
    return Repositories.from(
            Environment.of(variables).with(Map.of("GITHUB_API_URL", github.url().toString())))
        .repository("acme/site");
  }

  @BeforeEach
  void commitSomething() {
    first =
        github.commit(
            "main",
            "Begin",
            Map.of(
                "docs/guide.md", new Blob("100644", "# Guide\n"),
                "docs/with space.md", new Blob("100644", "spaced"),
                "run.sh", new Blob("100755", "#!/bin/sh\n"),
                "link", new Blob("120000", "/etc")));
  }

  @AfterEach
  void stop() {
    github.close();
  }

  @Test
  void readsAFileWithTheToken() {
    RepositoryFile file = repository.read("docs/guide.md", null).orElseThrow();

    assertThat(file.text()).isEqualTo("# Guide\n");
    assertThat(file.commitSha()).isEqualTo(first);
    assertThat(file.committedAt()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
    assertThat(github.authorization()).isEqualTo("Bearer not-a-real-token");
  }

  @Test
  void whatDidNotChangeIsNotTransferredAgain() {
    assertThat(repository.read("docs/guide.md", null)).isPresent();

    RepositoryFile again = repository.read("docs/guide.md", null).orElseThrow();
    int asked = github.notModified.size();
    github.commit("main", "Change", Map.of("docs/guide.md", new Blob("100644", "# New\n")));
    RepositoryFile changed = repository.read("docs/guide.md", null).orElseThrow();

    assertThat(again.text()).isEqualTo("# Guide\n");
    assertThat(asked).isEqualTo(3); // the repository, its newest commit, the file
    assertThat(changed.text()).isEqualTo("# New\n");
  }

  @Test
  void readsAPathThatNeedsEncodingAndABranchWithASlash() {
    github.commit("topic/new", "Branch", Map.of("docs/with space.md", new Blob("100644", "new")));

    assertThat(repository.read("docs/with space.md", "topic/new").orElseThrow().text())
        .isEqualTo("new");
  }

  @Test
  void readsALargeFileThroughItsBlob() {
    String large = "x".repeat(1_200_000);
    github.commit("main", "Grow", Map.of("large.txt", new Blob("100644", large)));

    assertThat(repository.read("large.txt", "main").orElseThrow().text()).isEqualTo(large);
  }

  @Test
  void aMissingFileIsEmptyAndAMissingRefIsNotFound() {
    assertThat(repository.read("docs/none.md", null)).isEmpty();
    assertThatThrownBy(() -> repository.read("docs/guide.md", "none"))
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("not_found"))
        .hasMessageContaining("no branch, tag or commit 'none'");
  }

  @Test
  void deletesWhatIsThereAndMakesAFileExecutable() {
    CommitResult made =
        repository.commit(
            LocalGit.changing(
                "t-1",
                Map.of(
                    "docs/guide.md", new FileChange.Delete(),
                    "docs/never-there.md", new FileChange.Delete(),
                    "new.sh", new FileChange.Write("#!/bin/sh\n", FileChange.Mode.EXECUTABLE))));
    CommitResult nothing =
        repository.commit(
            LocalGit.changing("t-2", Map.of("docs/never-there.md", new FileChange.Delete())));

    assertThat(github.tree(made.sha()))
        .containsOnlyKeys("docs/with space.md", "link", "new.sh", "run.sh")
        .containsEntry("new.sh", new Blob("100755", "#!/bin/sh\n"));
    assertThat(nothing.alreadyThere()).isTrue();
  }

  @Test
  void aTreeThatIsTooLargeForOneAnswerIsReadFolderByFolder() {
    String second =
        github.commit("main", "Grow", Map.of("docs/a/deep.md", new Blob("100644", "deep")));
    List<String> whole = repository.list(second, "");
    github.listAtMost(2);

    List<String> parts = repository.list(second, "");
    CommitResult committed = repository.commit(request("t-1", Map.of("run.sh", "#!/bin/bash\n")));

    assertThat(parts).isEqualTo(whole).contains("docs/a/deep.md");
    assertThat(github.tree(committed.sha()))
        .containsEntry("run.sh", new Blob("100755", "#!/bin/bash\n"));
  }

  @Test
  void listsAndCompares() {
    String second =
        github.commit(
            "main",
            "Change",
            Map.of(
                "docs/guide.md", new Blob("100644", "# New\n"),
                "docs/added.md", new Blob("100644", "")));

    assertThat(repository.list(first, ""))
        .containsExactly("docs/guide.md", "docs/with space.md", "run.sh");
    assertThat(repository.list(null, "docs/a")).containsExactly("docs/added.md");
    assertThat(repository.changedFiles(first, second))
        .containsExactly(
            new ChangedFile("docs/added.md", Change.ADDED),
            new ChangedFile("docs/guide.md", Change.MODIFIED));
    assertThat(repository.changedFiles("0".repeat(40), first)).hasSize(3);
  }

  @Test
  void commitsSeveralFilesAtOnceAndKeepsTheirModes() {
    CommitResult result = repository.commit(request("t-1", Map.of("a.md", "one", "run.sh", "two")));

    FakeObjects.FakeCommit head = github.head("main");
    assertThat(result)
        .isEqualTo(
            new CommitResult(
                head.sha(),
                "https://github.example/acme/site/commit/" + head.sha(),
                "main",
                List.of("a.md", "run.sh"),
                false));
    assertThat(head.message()).isEqualTo("Write\n\nMillrace-Task: t-1\n");
    assertThat(head.parent()).isEqualTo(first);
    assertThat(github.tree(head.sha()))
        .containsEntry("a.md", new Blob("100644", "one"))
        .containsEntry("run.sh", new Blob("100755", "two"))
        .containsEntry("docs/guide.md", new Blob("100644", "# Guide\n"));
  }

  @Test
  void theSameTaskCommitsOnce() {
    CommitResult made = repository.commit(request("t-1", Map.of("a.md", "one")));
    for (int i = 0; i < 120; i++) {
      github.commit("main", "Other work " + i, Map.of("other.md", new Blob("100644", "" + i)));
    }
    String head = github.head("main").sha();

    CommitResult again = repository.commit(request("t-1", Map.of("a.md", "other text")));

    assertThat(again.alreadyThere()).isTrue();
    assertThat(again.sha()).isEqualTo(made.sha());
    assertThat(github.head("main").sha()).isEqualTo(head);
  }

  @Test
  void filesThatAreThereAlreadyAreNotCommittedAgain() {
    CommitResult result = repository.commit(request("t-1", Map.of("docs/guide.md", "# Guide\n")));

    assertThat(result.alreadyThere()).isTrue();
    assertThat(result.sha()).isEqualTo(first);
  }

  @Test
  void aLostRaceIsRunAgainOnTopOfTheWinner() {
    Runnable overtake =
        () -> github.commit("main", "Faster", Map.of("fast.md", new Blob("100644", "fast")));
    github.failNext(REF, overtake, 422, Map.of(), "Update is not a fast forward");

    CommitResult result = repository.commit(request("t-1", Map.of("a.md", "one")));

    assertThat(result.alreadyThere()).isFalse();
    assertThat(github.tree(github.head("main").sha())).containsKeys("a.md", "fast.md");
  }

  @Test
  void anAnswerThatWasLostDoesNotLeadToASecondCommit() {
    Runnable apply = () -> github.commit("main", "W\n\nMillrace-Task: t-1", Map.of());
    github.failNext(REF, apply, 502, Map.of(), "Server Error");
    assertThat(failure(request("t-1", Map.of("a.md", "one"))).code()).isEqualTo("unavailable");

    CommitResult again = repository.commit(request("t-1", Map.of("a.md", "one")));

    assertThat(again.alreadyThere()).isTrue();
  }

  @Test
  void losingEveryRaceIsAConflict() {
    for (int i = 0; i < 5; i++) {
      github.failNext(REF, 422, Map.of(), "Update is not a fast forward");
    }

    RepositoryException failure = failure(request("t-1", Map.of("a.md", "one")));

    assertThat(failure.code()).isEqualTo("conflict");
    assertThat(failure.isRetriable()).isTrue();
  }

  @Test
  void aLinkIsNotReplaced() {
    assertThat(failure(request("t-1", Map.of("link/new.md", "one"))).code())
        .isEqualTo("invalid_path");
    assertThat(failure(request("t-1", Map.of("link", "one"))).code()).isEqualTo("invalid_path");
  }

  @Test
  void aMissingBranchSaysWhatToCheck() {
    RepositoryException failure =
        failure(new CommitRequest("none", "Write", Map.of("a.md", "one"), "t-1", AUTHOR));

    assertThat(failure.code()).isEqualTo("not_found");
    assertThat(failure)
        .hasMessageContaining("the repository's name")
        .hasMessageContaining("the branch exists")
        .hasMessageContaining("scope repo");
  }

  @Test
  void everyFailureHasItsCode() {
    assertThat(failing(401, Map.of(), "Bad credentials").code()).isEqualTo("unauthorized");
    assertThat(failing(403, Map.of(), "Resource not accessible").code()).isEqualTo("forbidden");
    assertThat(failing(409, Map.of(), "Git Repository is empty.").code()).isEqualTo("not_found");
    assertThat(failing(422, Map.of(), "No commit found for SHA: main").code())
        .isEqualTo("not_found");
    assertThat(failing(301, Map.of("Location", "http://localhost/x"), "Moved").code())
        .isEqualTo("not_found");
    assertThat(failing(500, Map.of(), "Server Error").code()).isEqualTo("unavailable");
    assertThat(failing(200, Map.of(), "no commit at all").code()).isEqualTo("unavailable");
  }

  @Test
  void aRateLimitSaysHowLongToWait() {
    RepositoryException secondary = failing(403, Map.of("Retry-After", "42"), "secondary limit");
    RepositoryException tooMany = failing(429, Map.of(), "Too many requests");
    long reset = Instant.now().plusSeconds(600).getEpochSecond();
    RepositoryException primary =
        failing(
            403,
            Map.of("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "" + reset),
            "API rate limit exceeded");

    assertThat(secondary.code()).isEqualTo("rate_limited");
    assertThat(secondary.retryAfter()).contains(Duration.ofSeconds(42));
    assertThat(tooMany.retryAfter()).contains(Duration.ofMinutes(1));
    assertThat(primary.retryAfter().orElseThrow())
        .isBetween(Duration.ofSeconds(500), Duration.ofSeconds(600));
    assertThat(primary.isRetriable()).isTrue();
  }

  @Test
  void aProtectedBranchIsNotARace() {
    github.failNext(REF, 422, Map.of(), "Required status check \"build\" is expected.");

    RepositoryException failure = failure(request("t-1", Map.of("a.md", "one")));

    assertThat(failure.code()).isEqualTo("refused");
    assertThat(failure).hasMessageContaining("Required status check");
  }

  @Test
  void aGitHubThatIsAwayIsUnavailable() {
    github.close();

    assertThatThrownBy(() -> repository.defaultBranch())
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("unavailable"))
        .hasMessageContaining("GITHUB_API_URL");
  }

  @Test
  void aCloneThatBreaksOffMayBeTriedAgain(@TempDir Path folder) {
    github.failNext("GET /clone.git/info/refs", 502, Map.of(), "Bad gateway");

    RepositoryException failure =
        catchThrowableOfType(
            RepositoryException.class, () -> repository.cloneTo(folder.resolve("a"), "main"));

    assertThat(failure.code()).isEqualTo("unavailable");
    assertThat(failure.isRetriable()).isTrue();
  }

  @Test
  void aCloneOfABranchThatIsMissingIsNotTriedAgain(@TempDir Path folder) {
    RepositoryException failure =
        catchThrowableOfType(
            RepositoryException.class, () -> repository.cloneTo(folder.resolve("a"), "none"));

    assertThat(failure.code()).isEqualTo("not_found");
  }

  @Test
  void withoutATokenTheFailureSaysSo() {
    github.failNext("GET", 404, Map.of(), "Not Found");

    assertThatThrownBy(() -> repository(Map.of()).defaultBranch())
        .hasMessageContaining("GITHUB_TOKEN is set, if the repository is private");
    assertThat(github.authorization()).isNull();
  }

  @Test
  void theTokenNeverStandsInAMessage() {
    assertThat(failing(401, Map.of(), "Bad credentials").getMessage())
        .doesNotContain("not-a-real-token");
  }

  private RepositoryException failing(int status, Map<String, String> headers, String message) {
    github.failNext("GET /repos/acme/site/commits/main", status, headers, message);
    return catchThrowableOfType(
        RepositoryException.class, () -> repository.read("docs/guide.md", "main"));
  }

  private RepositoryException failure(CommitRequest request) {
    return catchThrowableOfType(RepositoryException.class, () -> repository.commit(request));
  }

  private static CommitRequest request(String taskId, Map<String, String> files) {
    return new CommitRequest(null, "Write", files, taskId, AUTHOR);
  }
}
