package dev.millrace.worker.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.fixture.FakeApi;
import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.Runs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullRequestsTest {

  private static final Author AUTHOR = new Author("Bot", "bot@example.org");

  private static final String OPEN =
      """
      {"number":7,"title":"t","state":"open","head":{"ref":"millrace/f","sha":"c1"},
       "base":{"ref":"main"},"html_url":"https://github.example/acme/site/pull/7"}
      """;

  @TempDir private Path folder;

  @Test
  void aChangeIsCommittedToItsOwnBranchAndMerged() {
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "# A\n"))) {
      // given
      AgentRun coding = run(Map.of("role", "coding", "work_branch", "millrace/f"));
      Commit commit =
          new ResultCommitter(git.repositories(), AUTHOR, false)
              .commit(coding, Provider.PROCESS, List.of(new ResultFile("a.txt", "a\n")))
              .orElseThrow();
      assertThat(commit.getBranch()).isEqualTo("millrace/f");
      assertThat(git.messages()).hasSize(1);
      PullRequests requests = new PullRequests(git.repositories(), AUTHOR);
      AgentRun merging = run(Map.of("role", "merger", "merge_branch", "millrace/f"));

      // when
      String merged = requests.merge(merging);

      // then
      assertThat(merged).contains(commit.getSha());
      assertThat(git.read("a.txt")).isEqualTo("a\n");
      assertThat(requests.merge(merging)).isEqualTo(merged);
    }
  }

  @Test
  void aCommitOnGitHubGetsOnePullRequest() {
    try (FakeApi api = new FakeApi()) {
      // given
      api.answer(exchange -> {
        boolean search = exchange.getRequestMethod().equals("GET");
        FakeApi.status(search ? 200 : 201, search ? "[]" : OPEN).respond(exchange);
      });
      PullRequests requests =
          new PullRequests(
              Repositories.from(
                  Environment.of(
                      Map.of("GITHUB_API_URL", api.uri().toString(), "GITHUB_TOKEN", "made-up"))),
              AUTHOR);

      // when
      String opened =
          requests
              .open(run(Map.of("open_pull_request", "true", "base_branch", "main")), commit())
              .orElseThrow();

      // then
      assertThat(opened)
          .isEqualTo("{\"number\":7,\"url\":\"https://github.example/acme/site/pull/7\"}");
      assertThat(api.requests.getLast().body())
          .contains("\"head\":\"millrace/f\"", "\"base\":\"main\"");
    }
  }

  @Test
  void whatWasReviewedIsMergedAsItsRepositoryAllows() {
    try (FakeApi api = new FakeApi()) {
      // given
      api.answer(exchange -> {
        boolean ofRepository = !exchange.getRequestURI().getPath().contains("/pulls/");
        FakeApi.status(200, ofRepository ? "{\"allow_merge_commit\":false}" : OPEN)
            .respond(exchange);
      });

      // when
      onGitHub(api).merge(run(merging("c1")));

      // then
      assertThat(api.requests)
          .extracting(FakeApi.Request::body)
          .filteredOn(body -> !body.isEmpty())
          .containsExactly("{\"merge_method\":\"squash\",\"sha\":\"c1\"}");
    }
  }

  @Test
  void theResultOfMergingIsTheCommitThatItWasMergedAs() {
    try (FakeApi api = new FakeApi()) {
      // given
      AtomicBoolean merged = new AtomicBoolean();
      api.answer(exchange -> {
        if (exchange.getRequestMethod().equals("PUT")) {
          merged.set(true);
        }
        String known =
            "\"merged\":%b,\"merge_commit_sha\":\"m1\",\"title\"".formatted(merged.get());
        FakeApi.status(200, OPEN.replace("\"title\"", known)).respond(exchange);
      });

      // when
      String result = onGitHub(api).merge(run(merging("c1")));

      // then
      assertThat(result).isEqualTo("{\"sha\":\"m1\"}");
    }
  }

  @Test
  void aPullRequestThatWentOnSinceItsReviewIsNotMerged() {
    try (FakeApi api = new FakeApi()) {
      // given
      api.answer(FakeApi.status(200, OPEN));

      // then
      assertThatThrownBy(() -> onGitHub(api).merge(run(merging("c0"))))
          .isInstanceOf(RepositoryException.class)
          .hasMessageContaining("is at c1, and c0 was reviewed");
      assertThat(api.requests).hasSize(1);
    }
  }

  private static Map<String, String> merging(String commit) {
    return Map.of("merge_branch", "millrace/f", "merge_pull_request", "7", "merge_commit", commit);
  }

  private static PullRequests onGitHub(FakeApi api) {
    return new PullRequests(
        Repositories.from(
            Environment.of(
                Map.of("GITHUB_API_URL", api.uri().toString(), "GITHUB_TOKEN", "made-up"))),
        AUTHOR);
  }

  @Test
  void aRunThatIsNotAskedToOpensNone() {
    try (FakeApi api = new FakeApi()) {
      PullRequests requests =
          new PullRequests(
              Repositories.from(Environment.of(Map.of("GITHUB_API_URL", api.uri().toString()))),
              AUTHOR);

      assertThat(requests.open(run(Map.of()), commit())).isEmpty();
      assertThat(api.requests).isEmpty();
    }
  }

  private static Commit commit() {
    return Commit.newBuilder()
        .setRepository("acme/site")
        .setBranch("millrace/f")
        .setSha("c1")
        .setPaths(List.of("a.txt"))
        .build();
  }

  private static AgentRun run(Map<String, String> attributes) {
    return Runs.in(
        new Place(GitFixture.NAME, null, GitFixture.BRANCH), "code", "Add it.", attributes);
  }
}
