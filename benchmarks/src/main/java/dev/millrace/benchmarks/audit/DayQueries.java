package dev.millrace.benchmarks.audit;

import dev.millrace.standalone.embedded.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The twenty questions of the analysts' guide, each with its time. */
final class DayQueries {

  private static final Pattern QUESTION =
      Pattern.compile("### (\\d+)\\. ([^\\n]+)\\n+```sql\\n(.*?)```", Pattern.DOTALL);

  private DayQueries() {}

  /**
   * Asks them all; prints each with its time.
   *
   * @return milliseconds of the slowest
   */
  static double slowestMs(Connection analyst) throws IOException, SQLException {
    Path guide = Distribution.ofThisJvm().root().resolve("../../../docs/analysts.md").normalize();
    Matcher questions = QUESTION.matcher(Files.readString(guide));
    double slowest = 0;
    while (questions.find()) {
      long start = System.nanoTime();
      int rows = rows(analyst, questions.group(3));
      double ms = (System.nanoTime() - start) / 1e6;
      slowest = Math.max(slowest, ms);
      System.err.printf(
          "bench: question %2s: %8.1f ms, %6d rows: %s%n",
          questions.group(1), ms, rows, questions.group(2));
    }
    return slowest;
  }

  private static int rows(Connection analyst, String sql) throws SQLException {
    int rows = 0;
    try (Statement statement = analyst.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows++;
      }
    }
    return rows;
  }
}
