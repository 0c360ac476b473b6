package dev.millrace.knowledge.answer;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Cuts passages into sentences that can stand in an answer. */
final class Sentences {

  /** In characters: what is shorter says nothing, what is longer is no sentence. */
  private static final int MIN_LENGTH = 12;

  private static final int MAX_LENGTH = 500;

  /** Between the cells of a row, which may be short and say something all the same. */
  private static final String CELLS = " | ";

  /** Ends at an empty line, before an item of a list, and before a row of a table. */
  private static final Pattern PARAGRAPHS =
      Pattern.compile("\\R\\s*\\R|\\R(?=\\s*(?:[-*+|]|\\d+[.)])\\s)|\\R(?=[^\\n]* \\| )");

  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6}\\s.*$");

  /** The head of a Markdown table and the line below it: names of columns, which say nothing. */
  private static final Pattern TABLE_HEAD =
      Pattern.compile(
          "(?m)^[^\\n]*\\|[^\\n]*\\R[ \\t]*\\|?[ \\t]*:?-+:?[ \\t]*(?:\\|[ \\t]*:?-+:?[ \\t]*)+\\|?[ \\t]*$");

  private static final Pattern MARK = Pattern.compile("^\\s*(?:[-*+>|]|\\d+[.)])\\s+");

  private Sentences() {}

  /** The sentences, list items and rows of a passage, without its headings. */
  static List<String> of(String passage) {
    List<String> sentences = new ArrayList<>();
    String text = TABLE_HEAD.matcher(passage).replaceAll("\n");
    String body = HEADING.matcher(text).replaceAll("\n");
    for (String paragraph : PARAGRAPHS.split(body, -1)) {
      String line = MARK.matcher(paragraph).replaceFirst("").replaceAll("\\s+", " ").strip();
      BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
      breaks.setText(line);
      int start = breaks.first();
      for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
        String sentence = line.substring(start, end).strip();
        if (says(sentence) && sentence.length() <= MAX_LENGTH) {
          sentences.add(sentence);
        }
        start = end;
      }
    }
    return sentences;
  }

  private static boolean says(String sentence) {
    return sentence.length() >= MIN_LENGTH || sentence.contains(CELLS);
  }
}
