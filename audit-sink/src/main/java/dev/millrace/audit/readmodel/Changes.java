package dev.millrace.audit.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one batch change in a table, by the key of its rows; the changes of one row
 * are merged in the order they come.
 */
final class Changes<K, C> {

  private final BinaryOperator<C> then;
  private final SortedMap<K, C> byKey;

  /**
   * @param order order in which rows are written, and locked
   * @param then merges a change with a later one
   */
  Changes(Comparator<? super K> order, BinaryOperator<C> then) {
    this.byKey = new TreeMap<>(order);
    this.then = then;
  }

  /** Values of the columns that a change has. */
  @FunctionalInterface
  interface Columns<K, C> {
    @Nullable Object[] of(K key, C change);
  }

  void add(K key, C change) {
    byKey.merge(key, change, then);
  }

  /** Writes them with one statement, as {@link Rows} takes it. */
  void write(Connection connection, String sql, Columns<K, C> columns) throws SQLException {
    Rows rows = new Rows(sql);
    byKey.forEach((key, change) -> rows.add(columns.of(key, change)));
    rows.execute(connection);
  }
}
