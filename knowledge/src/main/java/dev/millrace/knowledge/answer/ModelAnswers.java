package dev.millrace.knowledge.answer;

import dev.millrace.knowledge.answer.AnswerWriter.WriterUnavailableException;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions in the words of a model, with citations that were checked. When the model is
 * away, or writes what its sources do not say, the answer is made of sentences of the sources, and
 * says so.
 */
final class ModelAnswers implements Function<SearchRequest, Answered> {

  private static final Logger log = LoggerFactory.getLogger(ModelAnswers.class);

  private final Function<SearchRequest, List<SearchHit>> search;
  private final AnswerWriter writer;
  private final Function<SearchRequest, Answer> extractive;

  /**
   * @param search finds the passages
   * @param extractive answers where the model cannot
   */
  ModelAnswers(
      Function<SearchRequest, List<SearchHit>> search,
      AnswerWriter writer,
      Function<SearchRequest, Answer> extractive) {
    this.search = search;
    this.writer = writer;
    this.extractive = extractive;
  }

  @Override
  public Answered apply(SearchRequest question) {
    List<SearchHit> hits = search.apply(question);
    String mode = "model:" + writer.model();
    if (hits.isEmpty()) {
      return new Answered(new Answer.NotFound("no source has anything about it"), mode, null);
    }
    Passages passages = Passages.of(hits);
    try {
      String written = writer.write(passages.rules(), passages.material(question.query()));
      Optional<Answer> checked = Draft.read(written).flatMap(draft -> draft.checked(hits));
      return checked
          .map(answer -> new Answered(answer, mode, null))
          .orElseGet(
              () -> fallback(question, writer.model() + " wrote what its sources do not say"));
    } catch (WriterUnavailableException e) {
      return fallback(question, String.valueOf(e.getMessage()));
    }
  }

  private Answered fallback(SearchRequest question, String reason) {
    log.atWarn().addKeyValue("reason", reason).log("an answer is made of sentences of its sources");
    return new Answered(extractive.apply(question), Answered.EXTRACTIVE, reason);
  }
}
