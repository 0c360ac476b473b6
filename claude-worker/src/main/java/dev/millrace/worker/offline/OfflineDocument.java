package dev.millrace.worker.offline;

import dev.millrace.runtime.failure.Texts;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.offline.Extract.Point;
import java.util.List;

/**
 * The Markdown that the offline agent writes. It stands between two marks, so that writing it again
 * replaces it, and what people wrote around it stays.
 */
final class OfflineDocument {

  static final String BEGIN = "<!-- millrace:offline:begin -->";
  static final String END = "<!-- millrace:offline:end -->";

  private static final String LABEL =
      "> Assembled offline, without a model: the headings and first sentences of the files named"
          + " below.";
  private static final int MAX_TASK = 2_000;

  private OfflineDocument() {}

  /** The document for a run, without marks. */
  static String of(AgentRun run, List<Extract> extracts) {
    StringBuilder out = new StringBuilder();
    out.append("# ").append(inline(run.heading())).append("\n\n").append(LABEL).append("\n\n");
    out.append("## Task\n\n").append(quoted(run.description()));
    if (extracts.isEmpty()) {
      out.append("\n## Sources\n\nNo file of a repository was found to read.\n");
    }
    for (Extract extract : extracts) {
      out.append("\n## `").append(extract.path().replace("`", "'")).append("`\n\n");
      if (extract.points().isEmpty()) {
        out.append("No heading and no comment found.\n");
      }
      extract.points().forEach(point -> out.append(line(point)));
    }
    return out.toString();
  }

  /** The file's new content: the document in the place of an earlier one, else below the rest. */
  static String within(String existing, String document) {
    String marked = BEGIN + '\n' + document.strip() + '\n' + END;
    int begin = existing.indexOf(BEGIN);
    int end = existing.indexOf(END);
    if (begin >= 0 && end > begin) {
      return existing.substring(0, begin) + marked + existing.substring(end + END.length());
    }
    return existing.isBlank() ? marked + '\n' : existing.stripTrailing() + "\n\n" + marked + '\n';
  }

  private static String line(Point point) {
    if (point.heading().isEmpty()) {
      return "- " + inline(point.sentence()) + '\n';
    }
    return point.sentence().isEmpty()
        ? "- **%s**\n".formatted(inline(point.heading()))
        : "- **%s**: %s\n".formatted(inline(point.heading()), inline(point.sentence()));
  }

  private static String quoted(String text) {
    String shown = Texts.shorten(text.strip(), MAX_TASK);
    StringBuilder out = new StringBuilder();
    shown.lines().forEach(line -> out.append("> ").append(inline(line)).append('\n'));
    return out.toString();
  }

  /** Text of others on one line, without HTML that could hold a mark. */
  private static String inline(String text) {
    return text.replaceAll("\\s+", " ").replace("<", "&lt;").strip();
  }
}
