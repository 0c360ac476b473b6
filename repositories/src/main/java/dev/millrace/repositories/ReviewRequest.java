package dev.millrace.repositories;

import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.queue.TaskTrailer;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A review to put on a pull request.
 *
 * @param text what it says about the whole change; the trailer is added to it
 * @param comments what it says about single lines
 * @param commitSha commit that was looked at; null is the newest of the pull request
 * @param taskId task that the review is written for: it is posted once
 */
public record ReviewRequest(
    Verdict verdict,
    String text,
    List<Comment> comments,
    @Nullable String commitSha,
    String taskId) {

  /** Comments of one review at most. */
  public static final int MAX_COMMENTS = 50;

  /** Longest text, in characters; GitHub takes 65,536 with the trailer. */
  public static final int MAX_TEXT = 60_000;

  public ReviewRequest {
    comments = List.copyOf(comments);
    TaskTrailer.checkId(taskId);
    if (text.isBlank() || text.length() > MAX_TEXT || comments.size() > MAX_COMMENTS) {
      throw new IllegalArgumentException(
          "a review has a text of at most %d characters and at most %d comments"
              .formatted(MAX_TEXT, MAX_COMMENTS));
    }
  }

  /** What a review comes to. */
  public enum Verdict {
    APPROVE,
    REQUEST_CHANGES,
    COMMENT
  }

  /**
   * A comment on a line.
   *
   * @param line number of the line in the file as the change leaves it, from 1
   */
  public record Comment(String path, int line, String text) {

    /** As an item of a list, for where it cannot stand at its line. */
    public String asItem() {
      return "- `%s:%d`: %s".formatted(path, line, text);
    }
  }

  /** The whole text with the comments below it, for when they cannot stand at their lines. */
  String textWithComments() {
    String all =
        comments.stream().map(Comment::asItem).collect(Collectors.joining("\n", text + "\n\n", ""));
    return Texts.shorten(all, MAX_TEXT);
  }
}
