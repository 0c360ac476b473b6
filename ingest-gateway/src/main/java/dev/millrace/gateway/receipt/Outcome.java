package dev.millrace.gateway.receipt;

/** What became of a request with a receipt key. */
public sealed interface Outcome {

  /** The receipt that answers the request. */
  StoredReceipt receipt();

  /** It was accepted now. */
  record Accepted(StoredReceipt receipt) implements Outcome {}

  /** It was accepted before. */
  record Repeated(StoredReceipt receipt) implements Outcome {}

  /** Another request was accepted under the same key. */
  record Conflict(StoredReceipt receipt) implements Outcome {}
}
