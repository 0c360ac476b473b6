package dev.millrace.gateway.receipt;

import java.time.Duration;

/**
 * What makes two requests the same.
 *
 * @param value key of the record: the kind of key, a colon, the key
 * @param validity how long a receipt under it answers repetitions
 */
public record ReceiptKey(String value, Duration validity) {

  private static final String DELIVERY = "github-delivery:";
  private static final String IDEMPOTENCY = "idempotency-key:";

  /** GitHub lets a delivery be sent again for three days. */
  public static final Duration DELIVERY_VALIDITY = Duration.ofDays(3);

  public static final Duration IDEMPOTENCY_VALIDITY = Duration.ofDays(1);

  /** A webhook delivery. */
  public static ReceiptKey delivery(String deliveryId) {
    return new ReceiptKey(DELIVERY + deliveryId, DELIVERY_VALIDITY);
  }

  /** A request of a client with an idempotency key. */
  public static ReceiptKey idempotency(String client, String key) {
    return new ReceiptKey(IDEMPOTENCY + client + ':' + key, IDEMPOTENCY_VALIDITY);
  }

  /** Whether receipts under this record key hold an answer worth keeping in memory. */
  static boolean keepsResponse(String recordKey) {
    return !recordKey.startsWith(DELIVERY);
  }
}
