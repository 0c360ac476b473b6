package dev.millrace.router.storage;

import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An ordered store in memory. */
public final class MemoryStore implements OrderedStore {

  private final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);

  @Override
  public byte @Nullable [] get(byte[] key) {
    return rows.get(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    rows.put(key, value);
  }

  @Override
  public void delete(byte[] key) {
    rows.remove(key);
  }

  @Override
  public List<Row> first(byte[] from, byte[] to, int limit) {
    if (Arrays.compareUnsigned(from, to) > 0) {
      return List.of();
    }
    return rows.subMap(from, true, to, true).entrySet().stream()
        .limit(limit)
        .map(row -> new Row(row.getKey(), row.getValue()))
        .toList();
  }

  @Override
  public Optional<Row> last(byte[] from, byte[] to) {
    return Optional.ofNullable(rows.subMap(from, true, to, true).lastEntry())
        .map(row -> new Row(row.getKey(), row.getValue()));
  }

  /** Number of rows. */
  public int size() {
    return rows.size();
  }
}
