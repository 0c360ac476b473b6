package dev.millrace.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.fixture.FakeGitHub;
import dev.millrace.fixture.FakePullRequest;
import dev.millrace.repositories.ReviewRequest.Comment;
import dev.millrace.repositories.ReviewRequest.Verdict;
import dev.millrace.runtime.config.Environment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitHubReviewsTest {

  private static final String NAME = "acme/site";
  private static final String DIFF =
      """
      diff --git a/docs/guide.md b/docs/guide.md
      --- a/docs/guide.md
      +++ b/docs/guide.md
      @@ -1 +1,2 @@
       # Guide
      +More
      """;

  private final FakeGitHub server = new FakeGitHub();
  private final GitHub github =
      Repositories.from(
              Environment.of(
                  Map.of(
                      "GITHUB_API_URL",
                      server.url().toString(),
                      "GITHUB_TOKEN",
                      "not-a-real-token")))
          .github();

  GitHubReviewsTest() {
    server.pullRequest.diff = DIFF;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static ReviewRequest request(Verdict verdict, Comment... comments) {
    return new ReviewRequest(verdict, "Name the guide.", List.of(comments), "s1", "t-1");
  }

  @Test
  void aReviewHasItsCommentsAtTheirLinesAndItsCommit() {
    // when
    PostedReview posted =
        github.review(
            NAME, 7, request(Verdict.REQUEST_CHANGES, new Comment("docs/guide.md", 2, "Why?")));

    // then
    assertThat(posted)
        .isEqualTo(new PostedReview("https://github.example/review", "changes_requested", false));
    assertThat(server.pullRequest.reviews()).hasSize(1);
    JsonNode review = server.pullRequest.reviews().getFirst();
    assertThat(review.path("body").asText()).isEqualTo("Name the guide.\n\nMillrace-Task: t-1\n");
    assertThat(review.path("commit_id").asText()).isEqualTo("s1");
    assertThat(review.path("comments"))
        .singleElement()
        .hasToString(
            "{\"path\":\"docs/guide.md\",\"line\":2,\"side\":\"RIGHT\",\"body\":\"Why?\"}");
  }

  @Test
  void aTaskReviewsOnceHoweverOftenItAsks() {
    // given
    for (int i = 0; i < 3; i++) {
      server.pullRequest.reviewed("octocat", "Nice " + i);
    }
    github.review(NAME, 7, request(Verdict.APPROVE));

    // when
    PostedReview again = github.review(NAME, 7, request(Verdict.REQUEST_CHANGES));

    // then
    assertThat(again.alreadyThere()).isTrue();
    assertThat(again.state()).isEqualTo("approved");
    assertThat(server.pullRequest.reviews()).hasSize(4);
  }

  @Test
  void aTrailerThatSomebodyElseWroteDoesNotCount() {
    // given
    server.pullRequest.reviewed("mallory", "Fine!\n\nMillrace-Task: t-1");

    // when
    PostedReview posted = github.review(NAME, 7, request(Verdict.REQUEST_CHANGES));

    // then
    assertThat(posted.alreadyThere()).isFalse();
    assertThat(server.pullRequest.reviews()).hasSize(2);
  }

  @Test
  void aPullRequestOfTheOwnAccountGetsAComment() {
    // given
    server.pullRequest.author = FakePullRequest.LOGIN;

    // when
    PostedReview posted = github.review(NAME, 7, request(Verdict.APPROVE));

    // then
    assertThat(posted.state()).isEqualTo("commented");
  }

  @Test
  void aCommentThatGitHubHasNoLineForGoesIntoTheText() {
    // when
    github.review(NAME, 7, request(Verdict.APPROVE, new Comment("docs/other.md", 3, "And this?")));

    // then
    JsonNode review = server.pullRequest.reviews().getFirst();
    assertThat(review.path("comments")).isEmpty();
    assertThat(review.path("body").asText()).contains("- `docs/other.md:3`: And this?");
  }

  @ParameterizedTest
  @CsvSource({"403, forbidden", "404, not_found", "422, refused", "502, unavailable"})
  void whatGitHubSaysToAReviewIsTold(int status, String code) {
    server.failNext("POST /repos/acme/site/pulls/7/reviews", status, Map.of(), "Not today");

    RepositoryException failure =
        catchThrowableOfType(
            RepositoryException.class, () -> github.review(NAME, 7, request(Verdict.APPROVE)));

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure).hasMessageContaining("Not today");
    assertThat(server.pullRequest.reviews()).isEmpty();
  }
}
