package dev.millrace.audit.replay;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Values for the parameters of a query, in order, each as text that the query casts: parameters of
 * a statement, or elements of the one array that {@code audit.as_analyst} hands to a query.
 */
final class Arguments {

  private final boolean isArray;
  private final List<String> values = new ArrayList<>();

  private Arguments(boolean isArray) {
    this.isArray = isArray;
  }

  /** Parameters of a statement. */
  static Arguments ofStatement() {
    return new Arguments(false);
  }

  /** Elements of the array {@code $1}. */
  static Arguments ofArray() {
    return new Arguments(true);
  }

  /** Adds a value; how the query names it. */
  String add(Object value) {
    values.add(value.toString());
    return isArray ? "($1[" + values.size() + "])" : "?";
  }

  /** Binds the parameters of a statement, the first of which are others. */
  void bind(PreparedStatement statement, int first) throws SQLException {
    if (isArray) {
      statement.setArray(
          first, statement.getConnection().createArrayOf("text", values.toArray(String[]::new)));
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      statement.setString(first + i, values.get(i));
    }
  }
}
