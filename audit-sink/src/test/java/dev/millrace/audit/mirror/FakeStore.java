package dev.millrace.audit.mirror;

import dev.millrace.audit.copy.MirrorRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A mirror in memory that keeps the same promises: all of a batch or nothing, and the fence. */
final class FakeStore implements MirrorStore {

  static final String REFUSED = "22P05";
  static final String CONNECTION_LOST = "08006";

  final Map<TopicPartition, Long> offsets = new HashMap<>();
  final List<MirrorRow> rows = new ArrayList<>();
  int writes;
  @Nullable String failure;
  boolean writesBeforeFailing;
  Predicate<MirrorRow> refuses = row -> false;

  @Override
  public Map<TopicPartition, Long> positions(Map<TopicPartition, Long> beginnings)
      throws SQLException {
    failIfAway();
    beginnings.forEach(offsets::putIfAbsent);
    return beginnings.keySet().stream()
        .collect(Collectors.toMap(p -> p, p -> offsets.getOrDefault(p, 0L)));
  }

  @Override
  public void reset(Map<TopicPartition, Reset> resets) throws SQLException {
    failIfAway();
    resets.forEach(
        (partition, reset) -> offsets.replace(partition, reset.expected(), reset.beginning()));
  }

  @Override
  public void write(Batch batch) throws SQLException, TakenOverException {
    writes++;
    if (!writesBeforeFailing) {
      failIfAway();
    }
    if (batch.rows().stream().anyMatch(refuses)) {
      throw new SQLException("refused", REFUSED);
    }
    List<String> known = places();
    if (batch.rows().stream().map(FakeStore::place).anyMatch(known::contains)) {
      throw new SQLException("there already", "23505");
    }
    long found =
        batch.advances().entrySet().stream()
            .filter(e -> offsets.getOrDefault(e.getKey(), -1L) == e.getValue().expected())
            .count();
    if (found != batch.advances().size()) {
      throw new TakenOverException(batch.advances().size(), (int) found);
    }
    batch.advances().forEach((partition, step) -> offsets.put(partition, step.next()));
    rows.addAll(batch.rows());
    failIfAway();
  }

  private void failIfAway() throws SQLException {
    if (failure != null) {
      throw new SQLException("the connection was lost", failure);
    }
  }

  /** Places of all rows, as {@code topic/partition/offset}. */
  List<String> places() {
    return rows.stream().map(FakeStore::place).toList();
  }

  private static String place(MirrorRow row) {
    return row.record().topic() + '/' + row.record().partition() + '/' + row.record().offset();
  }
}
