package dev.millrace.worker.offline;

import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.markdown.PlainText;
import dev.millrace.worker.source.SourceFile;
import dev.millrace.worker.source.SourceFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.Parser;

/**
 * What stands out in a file: its headings, each with the first sentence below it; of a file that is
 * not Markdown, the first sentence of its first comment.
 *
 * @param path file it is from
 * @param points headings and sentences, in the file's order
 */
record Extract(String path, List<Point> points) {

  private static final int MAX_POINTS = 30;
  private static final int MAX_SENTENCE = 300;
  private static final Parser MARKDOWN = Parser.builder().build();
  private static final Pattern SENTENCE = Pattern.compile(".*?[.!?](?=\\s|$)", Pattern.DOTALL);
  private static final Pattern COMMENT =
      Pattern.compile(
          "/\\*+(.*?)\\*/|((?:^\\s*(?://|#(?!!)|--).*\\R?)+)|\"\"\"(.*?)\"\"\"",
          Pattern.DOTALL | Pattern.MULTILINE);
  private static final int COMMENT_SEARCHED = 20_000;

  Extract {
    points = List.copyOf(points);
  }

  /**
   * One heading.
   *
   * @param heading its text; empty for text before the first heading
   * @param sentence first sentence below it; empty when there is none
   */
  record Point(String heading, String sentence) {}

  static Extract of(SourceFile file) {
    return new Extract(
        file.path(),
        SourceFiles.isMarkdown(file.path()) ? markdown(file.text()) : comment(file.text()));
  }

  private static List<Point> markdown(String text) {
    List<Point> points = new ArrayList<>();
    String heading = "";
    boolean open = true;
    for (Node node = MARKDOWN.parse(text).getFirstChild();
        node != null && points.size() < MAX_POINTS;
        node = node.getNext()) {
      if (node instanceof Heading) {
        if (open && !heading.isEmpty()) {
          points.add(new Point(heading, ""));
        }
        heading = PlainText.of(node);
        open = true;
      } else if (open && node instanceof Paragraph) {
        points.add(new Point(heading, firstSentence(PlainText.of(node))));
        open = false;
      }
    }
    if (open && !heading.isEmpty() && points.size() < MAX_POINTS) {
      points.add(new Point(heading, ""));
    }
    return points;
  }

  private static List<Point> comment(String text) {
    Matcher comment = COMMENT.matcher(text.substring(0, Math.min(text.length(), COMMENT_SEARCHED)));
    while (comment.find()) {
      String words =
          comment.group().replaceAll("(?m)^\\s*(/\\*+|\\*/|\\*|//+|#+|--+)|\\*/|\"\"\"", " ");
      String sentence = firstSentence(words.replaceAll("\\s+", " ").strip());
      if (!sentence.isEmpty()) {
        return List.of(new Point("", sentence));
      }
    }
    return List.of();
  }

  private static String firstSentence(String text) {
    Matcher matcher = SENTENCE.matcher(text);
    return Texts.shorten((matcher.find() ? matcher.group() : text).strip(), MAX_SENTENCE);
  }
}
