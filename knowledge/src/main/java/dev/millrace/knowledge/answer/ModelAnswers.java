package dev.millrace.knowledge.answer;

import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.runtime.writer.ModelWriter;
import dev.millrace.runtime.writer.WriterUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions in the words of a model, with citations that were checked. When the model is
 * away, limits its callers, or writes what its sources do not say, the answer is made of sentences
 * of the sources, and says so.
 */
final class ModelAnswers implements Function<SearchRequest, Answered> {

  private static final Logger log = LoggerFactory.getLogger(ModelAnswers.class);

  /** For a model that limits and does not say for how long. */
  private static final Duration USUAL_WAIT = Duration.ofSeconds(5);

  /** Whatever it says: the next question after that finds out. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final Function<SearchRequest, List<SearchHit>> search;
  private final ModelWriter writer;
  private final Duration timeout;
  private final Function<SearchRequest, Answer> extractive;
  private final InstantSource clock;
  private volatile Instant leftAloneUntil = Instant.MIN;

  /**
   * @param search finds the passages
   * @param timeout how long one call of the model may take
   * @param extractive answers where the model cannot
   */
  ModelAnswers(
      Function<SearchRequest, List<SearchHit>> search,
      ModelWriter writer,
      Duration timeout,
      Function<SearchRequest, Answer> extractive,
      InstantSource clock) {
    this.search = search;
    this.writer = writer;
    this.timeout = timeout;
    this.extractive = extractive;
    this.clock = clock;
  }

  @Override
  public Answered apply(SearchRequest question) {
    List<SearchHit> hits = search.apply(question);
    String mode = "model:" + writer.model();
    if (hits.isEmpty()) {
      return new Answered(new Answer.NotFound("no source has anything about it"), mode, null);
    }
    Instant again = leftAloneUntil;
    if (clock.instant().isBefore(again)) {
      return fallback(
          question, "%s wants to be left alone until %s".formatted(writer.model(), again));
    }
    try {
      String written = written(Passages.of(hits), question.query());
      Optional<Answer> checked = Draft.read(written).flatMap(draft -> draft.checked(hits));
      return checked
          .map(answer -> new Answered(answer, mode, null))
          .orElseGet(
              () -> fallback(question, writer.model() + " wrote what its sources do not say"));
    } catch (WriterUnavailableException e) {
      leaveAlone(e);
      return fallback(question, String.valueOf(e.getMessage()));
    }
  }

  /** Whoever asks is waiting: a failure that may pass is tried once more, and at once. */
  private String written(Passages passages, String question) {
    String rules = passages.rules();
    String material = passages.material(question);
    try {
      return writer.write(rules, material, timeout);
    } catch (WriterUnavailableException e) {
      if (!e.mayPass()) {
        throw e;
      }
      return writer.write(rules, material, timeout);
    }
  }

  /** A model that limits is not asked before it wants to be. */
  private void leaveAlone(WriterUnavailableException e) {
    Optional<Duration> wait = e.retryAfter();
    if (e.isLimit() || wait.isPresent()) {
      Duration atMost = wait.orElse(USUAL_WAIT);
      leftAloneUntil =
          clock.instant().plus(atMost.compareTo(LONGEST_WAIT) < 0 ? atMost : LONGEST_WAIT);
    }
  }

  private Answered fallback(SearchRequest question, String reason) {
    log.atWarn().addKeyValue("reason", reason).log("an answer is made of sentences of its sources");
    return new Answered(extractive.apply(question), Answered.EXTRACTIVE, reason);
  }
}
