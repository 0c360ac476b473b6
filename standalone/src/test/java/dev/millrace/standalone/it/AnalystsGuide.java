package dev.millrace.standalone.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page {@code docs/analysts.md}: its questions and its dictionary. */
final class AnalystsGuide {

  private static final Path PAGE = Path.of("..", "docs", "analysts.md");

  private static final Pattern QUESTION =
      Pattern.compile(
          "### (?<title>\\d+\\. [^\\n]+)\\n\\n```sql\\n(?<sql>.*?)```\\n(?<output>\\n```text\\n.*?```\\n)?",
          Pattern.DOTALL);

  private static final Pattern DICTIONARY =
      Pattern.compile(
          "(?<=<!-- dictionary -->\\n).*?(?=<!-- end of dictionary -->)", Pattern.DOTALL);

  private String text;

  private AnalystsGuide(String text) {
    this.text = text;
  }

  record Question(String title, String sql, String output) {

    /** The names of the columns of the output, as it is printed. */
    String header() {
      return output.lines().skip(2).findFirst().orElse("");
    }
  }

  static AnalystsGuide read() throws IOException {
    return new AnalystsGuide(Files.readString(PAGE));
  }

  List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    Matcher matcher = QUESTION.matcher(text);
    while (matcher.find()) {
      String output = matcher.group("output");
      questions.add(
          new Question(matcher.group("title"), matcher.group("sql"), output == null ? "" : output));
    }
    return questions;
  }

  String dictionary() {
    Matcher matcher = DICTIONARY.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError(PAGE + " has no dictionary");
    }
    return matcher.group();
  }

  void answer(Question question, String table) {
    String block = "### " + question.title() + "\n\n```sql\n" + question.sql() + "```\n";
    text = text.replace(block + question.output(), block + "\n```text\n" + table + "```\n");
  }

  void define(String dictionary) {
    text = DICTIONARY.matcher(text).replaceFirst(Matcher.quoteReplacement(dictionary));
  }

  void write() throws IOException {
    Files.writeString(PAGE, text);
  }
}
