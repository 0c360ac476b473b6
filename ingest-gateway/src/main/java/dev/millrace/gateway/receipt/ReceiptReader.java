package dev.millrace.gateway.receipt;

import dev.millrace.runtime.kafka.RecordListener;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.gateway.ReceiptBatch;
import dev.millrace.schemas.serde.EventSerdes;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Takes up the receipts that it reads, those of other gateways and those from before a restart. */
public final class ReceiptReader implements RecordListener {

  private final Receipts receipts;
  private final Deserializer<ReceiptBatch> deserializer;

  public ReceiptReader(Receipts receipts, EventSerdes serdes) {
    this.receipts = receipts;
    this.deserializer = serdes.deserializer(Topics.GATEWAY_RECEIPTS);
  }

  @Override
  public void accept(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() != null) {
      deserializer
          .deserialize(record.topic(), record.headers(), record.value())
          .getReceipts()
          .forEach(receipts::learn);
    }
  }
}
