package dev.millrace.worker.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.fixture.FakeApi;
import dev.millrace.fixture.FakeApi.Request;
import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.Runs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts of reviewers, against a server that answers as GitHub does. */
class ReviewsTest {

  private static final Map<String, String> PULL_REQUEST =
      Map.of("review_pull_request", "7", "review_commit", "c1");

  private static final String CHANGES_REQUESTED =
      """
      {"verdict":"changes_requested","summary":"Nearly.","findings":[
       {"file":"a.md","line":2,"what":"It is wrong.","fix":"Say it right."},
       {"file":"a.md","line":90,"what":"Not in the diff."},
       {"what":"No test shows it; password=hunter2hunter2."}]}
      """;

  private static final String DIFF =
      """
      diff --git a/a.md b/a.md
      --- a/a.md
      +++ b/a.md
      @@ -1 +1,2 @@
       # A
      +wrong
      """;

  private final FakeApi api = new FakeApi();
  private final Reviews reviews =
      new Reviews(
          Repositories.from(
              Environment.of(
                  Map.of("GITHUB_API_URL", api.uri().toString(), "GITHUB_TOKEN", "made-up"))));
  private volatile FakeApi.Responder posting =
      FakeApi.status(200, "{\"html_url\":\"https://github.example/r\",\"state\":\"COMMENTED\"}");

  @BeforeEach
  void answerAsGitHubDoes() {
    api.answer(exchange -> {
      String path = exchange.getRequestURI().getPath();
      if (exchange.getRequestMethod().equals("POST")) {
        posting.respond(exchange);
      } else if (path.endsWith("/reviews")) {
        FakeApi.status(200, "[]").respond(exchange);
      } else if (path.contains("/compare/")) {
        FakeApi.status(200, DIFF).respond(exchange);
      } else {
        FakeApi.status(
                200,
                "{\"number\":7,\"login\":\"bot\",\"user\":{\"login\":\"octocat\"},\"state\":\"open\",\"head\":{\"ref\":\"fix\",\"sha\":\"c2\"},\"base\":{\"ref\":\"main\"}}")
            .respond(exchange);
      }
    });
  }

  @AfterEach
  void close() {
    api.close();
  }

  private Optional<String> post(String answer) {
    return reviews.post(Runs.reviewOf(PULL_REQUEST), Provider.ANTHROPIC, answer);
  }

  private List<Request> posted() {
    return api.requests.stream().filter(request -> !request.body().isEmpty()).toList();
  }

  @Test
  void findingsStandAtTheirLinesOrInTheText() throws IOException {
    // when
    String told = post(CHANGES_REQUESTED).orElseThrow();

    // then
    assertThat(told)
        .isEqualTo(
            "{\"posted\":true,\"url\":\"https://github.example/r\",\"state\":\"commented\"}");
    JsonNode review = new ObjectMapper().readTree(posted().getFirst().body());
    assertThat(review.path("event").asText()).isEqualTo("REQUEST_CHANGES");
    assertThat(review.path("commit_id").asText()).isEqualTo("c1");
    assertThat(review.path("comments")).hasSize(1);
    assertThat(review.path("comments").path(0).path("body").asText())
        .isEqualTo("It is wrong.\n\nSay it right.");
    assertThat(review.path("body").asText())
        .isEqualTo(
            """
            Nearly.

            - `a.md:90`: Not in the diff.

            - No test shows it; password=[redacted]

            Changes requested by agent claude (anthropic), at c1.

            Millrace-Task: task-1
            """);
  }

  @Test
  void anApprovalApproves() {
    assertThat(post("{\"verdict\":\"approved\",\"summary\":\"Fine.\"}")).isPresent();

    assertThat(posted().getFirst().body()).contains("\"event\":\"APPROVE\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 422})
  void whatGitHubRefusesIsToldInTheResult(int status) {
    posting = FakeApi.status(status, "{\"message\":\"No\",\"errors\":[\"Because.\"]}");

    String told = post(CHANGES_REQUESTED).orElseThrow();

    assertThat(told)
        .contains("\"posted\":false", "GitHub review failed: " + status)
        .contains("No: Because.");
  }

  @Test
  void whatMaySucceedLaterIsAFailureOfTheRun() {
    posting = FakeApi.status(403, "{\"message\":\"secondary\"}", "Retry-After", "9");

    assertThatThrownBy(() -> post(CHANGES_REQUESTED))
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.isRetriable()).isTrue());
  }

  @Test
  void aNumberThatIsNoneIsToldAsWell() {
    assertThatThrownBy(() ->
            reviews.post(
                Runs.reviewOf(Map.of("review_pull_request", "../7")),
                Provider.ANTHROPIC,
                CHANGES_REQUESTED))
        .hasMessageContaining("expected the number of a pull request");
    assertThat(api.requests).isEmpty();
  }

  @Test
  void nothingIsPostedWithoutAVerdictOrAPullRequest(@TempDir Path folder) {
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "Hello.\n"))) {
      assertThat(post("{\"verdict\":\"undecided\",\"summary\":\"No idea.\"}")).isEmpty();
      assertThat(
              reviews.post(
                  Runs.reviewOf(Map.of("review_branch", "fix")),
                  Provider.ANTHROPIC,
                  CHANGES_REQUESTED))
          .isEmpty();
      assertThat(
              new Reviews(git.repositories())
                  .post(Runs.reviewOf(PULL_REQUEST), Provider.ANTHROPIC, CHANGES_REQUESTED))
          .as("a repository on this machine has no pull requests")
          .isEmpty();
    }
    assertThat(api.requests).isEmpty();
  }
}
