package dev.millrace.standalone.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;

/** The result of a query as aligned text. */
record TextTable(List<String> columns, List<List<String>> rows) {

  private static final int SHOWN_ROWS = 8;
  private static final int MAX_WIDTH = 60;

  static TextTable of(Jdbi jdbi, String sql) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(sql.replace("?", "??"))
            .scanResultSet((results, context) -> {
              try (context) {
                var found = results.get();
                List<String> columns = new ArrayList<>();
                int width = found.getMetaData().getColumnCount();
                for (int i = 1; i <= width; i++) {
                  columns.add(found.getMetaData().getColumnLabel(i));
                }
                List<List<String>> rows = new ArrayList<>();
                while (found.next()) {
                  List<String> row = new ArrayList<>();
                  for (int i = 1; i <= width; i++) {
                    row.add(shorten(Objects.requireNonNullElse(found.getString(i), "")));
                  }
                  rows.add(row);
                }
                return new TextTable(columns, rows);
              }
            }));
  }

  private static String shorten(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= MAX_WIDTH ? line : line.substring(0, MAX_WIDTH - 1) + "…";
  }

  String header() {
    return line(columns);
  }

  /** The header, a rule, the first rows, and how many there are. */
  String print() {
    StringBuilder text = new StringBuilder(header()).append('\n');
    text.append("-".repeat(header().length())).append('\n');
    rows.stream().limit(SHOWN_ROWS).forEach(row -> text.append(line(row)).append('\n'));
    return text.append("(%d rows)%n".formatted(rows.size())).toString();
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : " | ").append(padded(cells.get(i), i));
    }
    return line.toString().stripTrailing();
  }

  private String padded(String cell, int column) {
    int width =
        rows.stream()
            .limit(SHOWN_ROWS)
            .mapToInt(row -> row.get(column).length())
            .reduce(columns.get(column).length(), Math::max);
    return cell + " ".repeat(width - cell.length());
  }
}
