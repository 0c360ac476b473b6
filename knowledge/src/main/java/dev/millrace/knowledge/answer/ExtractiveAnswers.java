package dev.millrace.knowledge.answer;

import dev.millrace.knowledge.answer.Answer.Citation;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Answers questions with sentences of the sources, word for word: no model writes anything, so
 * nothing is said that no source says. Where no sentence is near enough to the question, there is
 * no answer.
 */
public final class ExtractiveAnswers {

  /** Sentences that are compared with the question. */
  private static final int MAX_COMPARED = 24;

  private static final int MAX_QUOTED = 3;

  /** Cosine below which a sentence says nothing about a question, whatever words they share. */
  private static final double UNRELATED = 0.35;

  /** Cosine from which a sentence is about the question, though it may use other words. */
  private static final double RELATED = 0.6;

  /** Part of the question's words that the passage of a less near sentence must have. */
  private static final double NEEDED_COVERAGE = 0.6;

  /** How far behind the nearest sentence others may be that are quoted along with it. */
  private static final double CLOSE_BEHIND = 0.08;

  private final Function<SearchRequest, List<SearchHit>> search;
  private final EmbeddingModel model;

  /**
   * @param search finds the passages
   * @param model compares sentences with the question
   */
  public ExtractiveAnswers(Function<SearchRequest, List<SearchHit>> search, EmbeddingModel model) {
    this.search = search;
    this.model = model;
  }

  private record Sentence(SearchHit hit, String text, double coverage) {}

  private record Compared(Sentence sentence, double similarity, double merit) {}

  /**
   * Answers a question.
   *
   * @throws dev.millrace.knowledge.embedding.EmbeddingUnavailableException if the model cannot be
   *     reached
   * @throws org.jdbi.v3.core.JdbiException if Postgres cannot be reached
   */
  public Answer answer(SearchRequest question) {
    QuestionWords words = new QuestionWords(question.query());
    if (words.isEmpty()) {
      return new Answer.NotFound("the question has no words");
    }
    List<SearchHit> hits = search.apply(question);
    List<Sentence> sentences = sentences(hits, words);
    if (sentences.isEmpty()) {
      return new Answer.NotFound("no source has anything about it");
    }
    List<Compared> compared = compare(question.query(), sentences);
    Compared best = compared.getFirst();
    String passage = passage(best.sentence().hit());
    if (!words.codesAreIn(passage)) {
      return new Answer.NotFound("the nearest source is about another number or code");
    }
    double coverage = words.coverage(passage);
    boolean holds =
        best.similarity() >= RELATED
            || (best.similarity() >= UNRELATED && coverage >= NEEDED_COVERAGE);
    return holds
        ? found(compared.stream().filter(c -> c.merit() >= best.merit() - CLOSE_BEHIND).toList())
        : new Answer.NotFound(
            "the nearest source is not about it (similarity %.2f, %.0f%% of the words)"
                .formatted(best.similarity(), 100 * coverage));
  }

  /** Headings and title say what a passage is about. */
  private static String passage(SearchHit hit) {
    return Objects.requireNonNullElse(hit.title(), "")
        + ' '
        + String.join(" ", hit.place().headingPath())
        + ' '
        + hit.content();
  }

  /**
   * Those with the most words of the question, in the order of the hits; of a question about a
   * number or code only those that have it, where there are any.
   */
  private static List<Sentence> sentences(List<SearchHit> hits, QuestionWords words) {
    List<Sentence> all = new ArrayList<>();
    for (SearchHit hit : hits) {
      for (String text : Sentences.of(hit.content())) {
        all.add(new Sentence(hit, text, words.coverage(text)));
      }
    }
    if (words.hasCodes() && all.stream().anyMatch(sentence -> words.codesAreIn(sentence.text()))) {
      all.removeIf(sentence -> !words.codesAreIn(sentence.text()));
    }
    List<Sentence> best =
        all.stream()
            .sorted(Comparator.comparingDouble(Sentence::coverage).reversed())
            .limit(MAX_COMPARED)
            .toList();
    return all.stream().filter(best::contains).distinct().limit(MAX_COMPARED).toList();
  }

  /** The nearest first. */
  private List<Compared> compare(String question, List<Sentence> sentences) {
    List<String> texts = new ArrayList<>(List.of(question));
    sentences.forEach(sentence -> texts.add(inContext(sentence)));
    List<float[]> vectors = model.embed(texts);
    List<Compared> compared = new ArrayList<>();
    for (int i = 0; i < sentences.size(); i++) {
      double similarity = cosine(vectors.getFirst(), vectors.get(i + 1));
      double merit = similarity + 0.2 * sentences.get(i).coverage();
      compared.add(new Compared(sentences.get(i), similarity, merit));
    }
    compared.sort(Comparator.comparingDouble(Compared::merit).reversed());
    return compared;
  }

  private static String inContext(Sentence sentence) {
    List<String> headings = sentence.hit().place().headingPath();
    return headings.isEmpty() ? sentence.text() : headings.getLast() + ": " + sentence.text();
  }

  private static Answer found(List<Compared> compared) {
    Map<SearchHit, List<String>> quotes = new LinkedHashMap<>();
    compared.stream()
        .limit(MAX_QUOTED)
        .forEach(c -> {
          List<String> ofHit = quotes.computeIfAbsent(c.sentence().hit(), _ -> new ArrayList<>());
          ofHit.add(c.sentence().text());
        });
    List<Citation> citations =
        quotes.entrySet().stream()
            .map(quote -> new Citation(quote.getKey(), inOrder(quote.getKey(), quote.getValue())))
            .toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < citations.size(); i++) {
      text.append(i == 0 ? "" : " ")
          .append(String.join(" ", citations.get(i).quotes()))
          .append(" [")
          .append(i + 1)
          .append(']');
    }
    return new Answer.Found(text.toString(), citations);
  }

  private static List<String> inOrder(SearchHit hit, List<String> quotes) {
    return Sentences.of(hit.content()).stream().filter(quotes::contains).distinct().toList();
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return lengthA == 0 || lengthB == 0 ? 0 : product / Math.sqrt(lengthA * lengthB);
  }
}
