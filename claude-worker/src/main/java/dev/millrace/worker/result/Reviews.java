package dev.millrace.worker.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.repositories.PostedReview;
import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.repositories.ReviewRequest;
import dev.millrace.repositories.ReviewRequest.Comment;
import dev.millrace.repositories.ReviewRequest.Verdict;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.redaction.Redaction;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.source.ReviewedChange;
import dev.millrace.worker.source.ReviewedChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the verdict of a reviewer on its pull request on GitHub, as a review with the findings as
 * comments: once, however often it is asked for. A reviewer that decided nothing posts nothing.
 */
public final class Reviews {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Repositories repositories;
  private final ReviewedChanges changes;

  public Reviews(Repositories repositories) {
    this.repositories = repositories;
    this.changes = new ReviewedChanges(repositories);
  }

  /**
   * Posts the review of a run, if it judged a pull request. What GitHub refuses is part of the
   * result: the verdict stands all the same, and asking again would change nothing.
   *
   * @param answer the reviewer's answer, as its schema has it
   * @return as JSON: {@code posted}, with {@code url} and {@code state}, or with {@code error}
   * @throws RepositoryException if it may succeed later
   */
  public Optional<String> post(AgentRun run, Provider provider, String answer) {
    Optional<Integer> number = changes.pullRequest(run);
    JsonNode judged = read(answer);
    Optional<Verdict> verdict = verdict(judged.path("verdict").asText());
    if (number.isEmpty() || verdict.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    try {
      ReviewedChange change = changes.of(run).orElseThrow();
      PostedReview posted =
          repositories
              .github()
              .review(
                  String.valueOf(run.place().repository()),
                  number.get(),
                  request(run, provider, verdict.get(), judged, change));
      told.put("posted", true).put("url", posted.url()).put("state", posted.state());
    } catch (RepositoryException e) {
      if (e.isRetriable()) {
        throw e;
      }
      told.put("posted", false).put("error", RepositoryFailures.of("review", false, e).message());
    }
    return Optional.of(told.toString());
  }

  private static Optional<Verdict> verdict(String said) {
    return switch (said) {
      case "approved" -> Optional.of(Verdict.APPROVE);
      case "changes_requested" -> Optional.of(Verdict.REQUEST_CHANGES);
      default -> Optional.empty();
    };
  }

  /** Findings at lines of the diff become comments there; all others stand in the text. */
  private static ReviewRequest request(
      AgentRun run, Provider provider, Verdict verdict, JsonNode judged, ReviewedChange change) {
    StringBuilder text = new StringBuilder(judged.path("summary").asText().strip());
    List<Comment> comments = new ArrayList<>();
    for (JsonNode finding : judged.path("findings")) {
      String file = finding.path("file").asText();
      int line = finding.path("line").asInt();
      if (comments.size() < ReviewRequest.MAX_COMMENTS && change.diff().shows(file, line)) {
        comments.add(new Comment(file, line, Redaction.redact(said(finding))));
      } else {
        text.append("\n\n- ").append(place(file, line)).append(said(finding));
      }
    }
    String signature =
        "\n\n%s by agent %s (%s), at %s."
            .formatted(
                verdict == Verdict.APPROVE ? "Approved" : "Changes requested",
                run.agent(),
                provider.code(),
                change.commit());
    return new ReviewRequest(
        verdict,
        Texts.shorten(
                Redaction.redact(text.toString()), ReviewRequest.MAX_TEXT - signature.length())
            + signature,
        comments,
        change.commit(),
        run.taskId().value());
  }

  private static String place(String file, int line) {
    return file.isEmpty() ? "" : "`%s%s`: ".formatted(file, line > 0 ? ":" + line : "");
  }

  private static String said(JsonNode finding) {
    String fix = finding.path("fix").asText().strip();
    return finding.path("what").asText().strip() + (fix.isEmpty() ? "" : "\n\n" + fix);
  }

  private static JsonNode read(String answer) {
    try {
      return JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the answer was checked, and is JSON", e);
    }
  }
}
