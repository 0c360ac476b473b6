package dev.millrace.gateway.receipt;

import dev.millrace.gateway.tail.RecordListener;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.gateway.Receipt;
import dev.millrace.schemas.serde.EventSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Takes up the receipts that it reads; those the gateway wrote itself it knows by their key. */
public final class ReceiptReader implements RecordListener {

  /** Between taking the time of a receipt and the time of its record, at most. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

  private final Receipts receipts;
  private final Deserializer<Receipt> deserializer;

  public ReceiptReader(Receipts receipts, EventSerdes serdes) {
    this.receipts = receipts;
    this.deserializer = serdes.deserializer(Topics.GATEWAY_RECEIPTS);
  }

  @Override
  public void accept(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    Instant writtenAt = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
    if (!receipts.knows(key, writtenAt.minus(CLOCK_TOLERANCE))) {
      receipts.learn(deserializer.deserialize(record.topic(), record.headers(), record.value()));
    }
  }
}
