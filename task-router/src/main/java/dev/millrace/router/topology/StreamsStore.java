package dev.millrace.router.topology;

import dev.millrace.router.storage.OrderedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** An ordered store kept by Kafka Streams: local, and in a changelog topic. */
final class StreamsStore implements OrderedStore {

  private final KeyValueStore<Bytes, byte[]> store;

  StreamsStore(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return store.get(Bytes.wrap(key));
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.put(Bytes.wrap(key), value);
  }

  @Override
  public void delete(byte[] key) {
    store.delete(Bytes.wrap(key));
  }

  @Override
  public List<Row> first(byte[] from, byte[] to, int limit) {
    List<Row> rows = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = store.range(Bytes.wrap(from), Bytes.wrap(to))) {
      while (rows.size() < limit && found.hasNext()) {
        KeyValue<Bytes, byte[]> next = found.next();
        rows.add(new Row(next.key.get(), next.value));
      }
    }
    return rows;
  }

  @Override
  public Optional<Row> last(byte[] from, byte[] to) {
    try (KeyValueIterator<Bytes, byte[]> found =
        store.reverseRange(Bytes.wrap(from), Bytes.wrap(to))) {
      if (!found.hasNext()) {
        return Optional.empty();
      }
      KeyValue<Bytes, byte[]> last = found.next();
      return Optional.of(new Row(last.key.get(), last.value));
    }
  }
}
