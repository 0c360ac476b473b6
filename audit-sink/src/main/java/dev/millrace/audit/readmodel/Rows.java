package dev.millrace.audit.readmodel;

import dev.millrace.audit.decode.StorableText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows for one statement that takes them with {@code unnest}: one array parameter a column.
 *
 * <p>Texts are made storable; times and numbers go as text and are read by Postgres.
 */
final class Rows {

  private static final Pattern PARAMETER = Pattern.compile("\\?::(\\w+)\\[]");

  private final String sql;
  private final List<String> types;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  /**
   * @param sql statement with a parameter for each column, cast to the array of its type, as in
   *     {@code ?::text[]}
   */
  Rows(String sql) {
    this.sql = sql;
    this.types = PARAMETER.matcher(sql).results().map(found -> found.group(1)).toList();
  }

  /** Adds a row with a value for each column. */
  void add(@Nullable Object... values) {
    if (values.length != types.size()) {
      throw new IllegalArgumentException(
          "expected " + types.size() + " values, found " + values.length);
    }
    rows.add(values);
  }

  /** Runs the statement, unless there are no rows. */
  void execute(Connection connection) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int column = 0; column < types.size(); column++) {
        statement.setArray(column + 1, connection.createArrayOf(types.get(column), column(column)));
      }
      statement.execute();
    }
  }

  private @Nullable Object[] column(int column) {
    @Nullable Object[] values = new @Nullable Object[rows.size()];
    for (int row = 0; row < values.length; row++) {
      Object value = rows.get(row)[column];
      values[row] = value == null ? null : StorableText.of(value.toString());
    }
    return values;
  }
}
