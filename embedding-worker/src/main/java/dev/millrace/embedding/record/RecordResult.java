package dev.millrace.embedding.record;

import org.jspecify.annotations.Nullable;

/** What became of a request. */
sealed interface RecordResult {

  /**
   * The record is there.
   *
   * @param created whether it was not there before
   * @param row the record as JSON
   */
  record Kept(boolean created, String row) implements RecordResult {}

  /** The record is gone. */
  record Removed() implements RecordResult {}

  /**
   * Nothing was done.
   *
   * @param code stable reason: {@code not_found}, {@code conflict} or {@code invalid}
   * @param field the field that is wrong, where it is one
   * @param reason what was expected
   */
  record Refused(String code, @Nullable String field, String reason) implements RecordResult {}
}
