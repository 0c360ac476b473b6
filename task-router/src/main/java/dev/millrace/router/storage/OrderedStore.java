package dev.millrace.router.storage;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bytes by key, in the order of the keys, byte by byte and unsigned. */
public interface OrderedStore {

  byte @Nullable [] get(byte[] key);

  void put(byte[] key, byte[] value);

  void delete(byte[] key);

  /** The first rows of a range, both ends included. */
  List<Row> first(byte[] from, byte[] to, int limit);

  /** The last row of a range, both ends included. */
  Optional<Row> last(byte[] from, byte[] to);

  /** A key and what stands under it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Row(byte[] key, byte[] value) {}
}
