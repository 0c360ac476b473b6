package dev.millrace.repositories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.repositories.GitHubApi.Answer;
import dev.millrace.repositories.ReviewRequest.Comment;
import dev.millrace.repositories.ReviewRequest.Verdict;
import dev.millrace.runtime.queue.TaskTrailer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The reviews of one pull request on GitHub. */
final class GitHubReviews {

  private static final int PAGE = 100;

  /** Pages that are searched for a review that is there already. */
  private static final int MAX_PAGES = 20;

  private static final int UNPROCESSABLE = 422;

  private final GitHubApi api;
  private final String repository;
  private final String pullRequest;

  GitHubReviews(GitHubApi api, String repository, int number) {
    this.api = api;
    this.repository = repository;
    this.pullRequest = "/repos/" + GitHubApi.encode(repository) + "/pulls/" + number;
  }

  /**
   * Posts a review, unless the account posted one for the same task before.
   *
   * @param login name of the own account; empty if GitHub does not tell it
   */
  PostedReview post(ReviewRequest asked, Optional<String> login) {
    Optional<JsonNode> before = find(asked.taskId(), login);
    if (before.isPresent()) {
      return posted(before.get(), true);
    }
    Verdict verdict = verdict(asked, login);
    Answer answer = send(asked, verdict, asked.text(), asked.comments());
    if (answer.status() == UNPROCESSABLE && !asked.comments().isEmpty()) {
      // one comment on a line that GitHub does not show makes it refuse the whole review
      answer = send(asked, verdict, asked.textWithComments(), List.of());
    }
    return posted(api.succeeded(repository, answer).json(), false);
  }

  /** Others may write a trailer as well, so the review has to be by the own account. */
  private Optional<JsonNode> find(String taskId, Optional<String> login) {
    for (int page = 1; page <= MAX_PAGES; page++) {
      JsonNode reviews =
          api.get(repository, "%s/reviews?per_page=%d&page=%d".formatted(pullRequest, PAGE, page));
      for (JsonNode review : reviews) {
        if (TaskTrailer.isIn(review.path("body").asText(), taskId) && isBy(login, review)) {
          return Optional.of(review);
        }
      }
      if (reviews.size() < PAGE) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean isBy(Optional<String> login, JsonNode written) {
    String author = written.path("user").path("login").asText();
    return login.isEmpty() || author.equalsIgnoreCase(login.get());
  }

  /** GitHub lets nobody judge a pull request of their own, only comment on it. */
  private Verdict verdict(ReviewRequest asked, Optional<String> login) {
    boolean own = login.isPresent() && isBy(login, api.get(repository, pullRequest));
    return own ? Verdict.COMMENT : asked.verdict();
  }

  private Answer send(ReviewRequest asked, Verdict verdict, String text, List<Comment> comments) {
    ObjectNode review =
        JsonNodeFactory.instance
            .objectNode()
            .put("event", verdict.name())
            .put("body", TaskTrailer.append(text, asked.taskId()));
    if (asked.commitSha() != null) {
      review.put("commit_id", asked.commitSha());
    }
    ArrayNode lines = review.putArray("comments");
    for (Comment comment : comments) {
      lines
          .addObject()
          .put("path", comment.path())
          .put("line", comment.line())
          .put("side", "RIGHT")
          .put("body", comment.text());
    }
    return api.tryPost(pullRequest + "/reviews", review);
  }

  private static PostedReview posted(JsonNode review, boolean alreadyThere) {
    return new PostedReview(
        review.path("html_url").asText(),
        review.path("state").asText().toLowerCase(Locale.ROOT),
        alreadyThere);
  }
}
