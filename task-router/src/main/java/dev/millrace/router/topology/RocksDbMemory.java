package dev.millrace.router.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Options;

/**
 * Bounds the memory of a store: at most 8 MiB are cached and 24 MiB wait to be written, of each of
 * the stores, one per partition. The defaults of Kafka Streams allow about 100 MiB each.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {

  private static final long WRITE_BUFFER_BYTES = 8L << 20;
  private static final int WRITE_BUFFERS = 3;
  private static final long BLOCK_BYTES = 8L << 10;

  @Override
  public void setConfig(String store, Options options, Map<String, Object> configs) {
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
    options.setMaxWriteBufferNumber(WRITE_BUFFERS);
    if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
      table.setBlockSize(BLOCK_BYTES);
      table.setCacheIndexAndFilterBlocks(true);
      table.setFilterPolicy(new BloomFilter());
      options.setTableFormatConfig(table);
    }
  }

  @Override
  public void close(String store, Options options) {}
}
