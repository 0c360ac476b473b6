package dev.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;

/** A bar that shows how far a replay is; on a terminal it is drawn in place. */
final class ProgressLine {

  private static final int WIDTH = 30;

  private final PrintStream out;
  private final boolean inPlace;
  private String last = "";

  ProgressLine(PrintStream out, boolean inPlace) {
    this.out = out;
    this.inPlace = inPlace;
  }

  void show(JsonNode replay) {
    String line = line(replay);
    if (line.equals(last)) {
      return;
    }
    last = line;
    if (inPlace) {
      out.print('\r' + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  void end(JsonNode replay) {
    show(replay);
    if (inPlace) {
      out.println();
    }
  }

  static String line(JsonNode replay) {
    long percent = Math.clamp(Math.round(replay.path("percent").asDouble()), 0L, 100L);
    int filled = (int) (WIDTH * percent / 100);
    return "[%s%s] %3d %%  %s of %s looked at, %s written"
        .formatted(
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            percent,
            replay.path("seen").asText(),
            replay.path("total").isNull() ? "?" : replay.path("total").asText(),
            replay.path("written").asText());
  }
}
