package dev.millrace.gateway.receipt;

import dev.millrace.schemas.gateway.Receipt;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway remembers of a request it accepted.
 *
 * @param status HTTP status that was answered
 * @param response body that was answered; empty for a webhook delivery, whose answer follows from
 *     the delivery
 * @param requestDigest digest of the request, where a different one under the same key is a
 *     conflict
 * @param acceptedAt when
 */
public record StoredReceipt(
    int status, String response, @Nullable String requestDigest, Instant acceptedAt) {

  /** What is kept in memory of a receipt on the topic. */
  static StoredReceipt of(Receipt receipt) {
    return new StoredReceipt(
        receipt.getStatus(),
        ReceiptKey.isDelivery(receipt.getReceiptKey()) ? "" : receipt.getResponse(),
        receipt.getRequestDigest(),
        receipt.getAcceptedAt());
  }
}
