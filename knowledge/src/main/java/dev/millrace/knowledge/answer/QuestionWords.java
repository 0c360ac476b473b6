package dev.millrace.knowledge.answer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of a question that an answer must be about. */
final class QuestionWords {

  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** Words of questions that say nothing about what is asked. */
  private static final Set<String> EMPTY =
      Set.of(
          "a", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can", "could", "did",
          "do", "does", "for", "from", "get", "had", "has", "have", "how", "i", "if", "in", "into",
          "is", "it", "its", "many", "may", "me", "much", "must", "my", "need", "of", "on", "one",
          "or", "our", "should", "so", "some", "tell", "that", "the", "their", "them", "then",
          "there", "these", "they", "this", "to", "us", "was", "we", "were", "what", "when",
          "where", "which", "who", "whom", "whose", "why", "will", "with", "would", "you", "your");

  /** Letters that words of one stem may differ in at their end. */
  private static final int ENDING = 3;

  private static final int MIN_STEM = 3;

  private final List<String> words;
  private final int all;

  QuestionWords(String question) {
    List<String> found = words(question);
    this.all = found.size();
    this.words = found.stream().filter(word -> !EMPTY.contains(word)).distinct().toList();
  }

  private static List<String> words(String text) {
    return Arrays.stream(NO_WORD.split(text.toLowerCase(Locale.ROOT), -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** Part of the words that a text has, in one form or another, 0 to 1. */
  double coverage(String text) {
    List<String> there = words(text);
    long found = words.stream().filter(word -> isIn(word, there)).count();
    return words.isEmpty() ? 0 : (double) found / words.size();
  }

  /** Whether the question has no words at all, but signs such as emoji. */
  boolean isEmpty() {
    return all == 0;
  }

  /** Whether a text has every number and code of the question: those have no synonyms. */
  boolean codesAreIn(String text) {
    List<String> there = words(text);
    return codes().allMatch(there::contains);
  }

  /** Whether the question has a number or code. */
  boolean hasCodes() {
    return codes().findAny().isPresent();
  }

  private Stream<String> codes() {
    return words.stream().filter(word -> word.chars().anyMatch(Character::isDigit));
  }

  private static boolean isIn(String word, List<String> words) {
    int stem = Math.max(MIN_STEM, word.length() - ENDING);
    return words.stream()
        .anyMatch(other ->
            other.equals(word)
                || (word.length() >= MIN_STEM
                    && other.length() <= word.length() + ENDING
                    && other.startsWith(word.substring(0, Math.min(stem, word.length())))));
  }
}
