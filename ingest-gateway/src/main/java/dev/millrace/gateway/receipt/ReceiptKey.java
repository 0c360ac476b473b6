package dev.millrace.gateway.receipt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.schemas.event.EventId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/**
 * What makes two requests the same.
 *
 * @param value key of the record: the kind of key, a colon, the key
 */
public record ReceiptKey(String value) {

  private static final String DELIVERY = "github-delivery:";
  private static final String REQUEST = "idempotency-key:";
  private static final String COMMAND = "idempotent-command:";

  /** GitHub lets a delivery be sent again for three days. */
  private static final Duration DELIVERY_VALIDITY = Duration.ofDays(3);

  static final Duration IDEMPOTENCY_VALIDITY = Duration.ofDays(1);

  /** A webhook delivery. */
  public static ReceiptKey delivery(String deliveryId) {
    return new ReceiptKey(DELIVERY + deliveryId);
  }

  /** A request of a client with an idempotency key. */
  public static ReceiptKey request(String client, IdempotencyKey key) {
    return new ReceiptKey(REQUEST + client + ':' + key.value());
  }

  /** A command with an idempotency key, which on another path is another command. */
  public static ReceiptKey command(String client, String path, IdempotencyKey key) {
    return new ReceiptKey(COMMAND + client + ':' + path + ':' + key.value());
  }

  /**
   * Identity of what a request leads to, where no receipt is known: the same when it comes again
   * after a crash, or to another instance at the same moment. A later use of the key is another
   * request, so it is good for a day.
   */
  EventId identity(LocalDate day) {
    String name = value + '\n' + day;
    return new EventId(UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString());
  }

  boolean isDelivery() {
    return isDelivery(value);
  }

  static boolean isDelivery(String recordKey) {
    return recordKey.startsWith(DELIVERY);
  }

  /** Whether a receipt under this record key still answers repetitions. */
  static boolean answers(String recordKey, StoredReceipt receipt, Instant now) {
    Duration validity = isDelivery(recordKey) ? DELIVERY_VALIDITY : IDEMPOTENCY_VALIDITY;
    return receipt.acceptedAt().plus(validity).isAfter(now);
  }
}
