package dev.millrace.knowledge.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.knowledge.answer.Answer.Citation;
import dev.millrace.knowledge.search.SearchHit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a model wrote, to be checked before anybody reads it: every citation must be of a passage
 * that was given, quote it word for word, and every number in the answer must stand in a passage
 * that is cited.
 */
record Draft(
    boolean answered,
    @Nullable String answer,
    @Nullable String reason,
    @Nullable List<Claim> citations) {

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final Pattern MARK = Pattern.compile("\\[(\\d{1,3})]");

  /** Shorter ones stand in any text. */
  private static final int MIN_QUOTE = 8;

  /**
   * A citation as the model gives it.
   *
   * @param passage number of the passage, from 1
   * @param quote words of the passage
   */
  record Claim(int passage, @Nullable String quote) {}

  /** Reads it, whatever stands around it; empty if it is not what was asked for. */
  static Optional<Draft> read(String written) {
    int start = written.indexOf('{');
    int end = written.lastIndexOf('}') + 1;
    try {
      return start >= 0 && start < end
          ? Optional.ofNullable(JSON.readValue(written.substring(start, end), Draft.class))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * The answer that it is, with the citations numbered in their order; empty if it does not hold.
   *
   * @param hits the passages that the model had
   */
  Optional<Answer> checked(List<SearchHit> hits) {
    if (!answered) {
      return Optional.of(
          new Answer.NotFound(reason == null || reason.isBlank() ? "no source holds it" : reason));
    }
    Map<Integer, List<String>> quotes = new LinkedHashMap<>();
    if (answer == null || citations == null || !collect(hits, quotes)) {
      return Optional.empty();
    }
    return numbered(answer, new ArrayList<>(quotes.keySet()))
        .filter(text -> numbersAreCited(text, hits, quotes))
        .map(text ->
            new Answer.Found(
                text,
                quotes.entrySet().stream()
                    .map(quote -> new Citation(hits.get(quote.getKey() - 1), quote.getValue()))
                    .toList()));
  }

  private boolean collect(List<SearchHit> hits, Map<Integer, List<String>> quotes) {
    for (Claim claim : citations == null ? List.<Claim>of() : citations) {
      String quote = claim.quote();
      if (quote == null
          || plain(quote).length() < MIN_QUOTE
          || claim.passage() < 1
          || claim.passage() > hits.size()
          || !plain(hits.get(claim.passage() - 1).content()).contains(plain(quote))) {
        return false;
      }
      quotes.computeIfAbsent(claim.passage(), _ -> new ArrayList<>()).add(plain(quote));
    }
    return !quotes.isEmpty();
  }

  /** With marks that count the citations; empty if one has no citation, or there is none. */
  private static Optional<String> numbered(String answer, List<Integer> cited) {
    Matcher mark = MARK.matcher(answer);
    StringBuilder text = new StringBuilder();
    boolean marked = false;
    while (mark.find()) {
      int number = cited.indexOf(Integer.valueOf(mark.group(1))) + 1;
      if (number == 0) {
        return Optional.empty();
      }
      mark.appendReplacement(text, "[" + number + "]");
      marked = true;
    }
    mark.appendTail(text);
    return marked ? Optional.of(text.toString().strip()) : Optional.empty();
  }

  private static boolean numbersAreCited(
      String text, List<SearchHit> hits, Map<Integer, List<String>> quotes) {
    StringBuilder sources = new StringBuilder();
    quotes.keySet().forEach(n -> sources.append(Passages.readable(hits.get(n - 1))).append(' '));
    return new QuestionWords(MARK.matcher(text).replaceAll("")).codesAreIn(sources.toString());
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
