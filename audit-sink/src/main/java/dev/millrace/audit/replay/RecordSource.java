package dev.millrace.audit.replay;

import dev.millrace.audit.stored.StoredRecord;
import java.sql.SQLException;
import java.util.List;

/** Where the records of a replay are read, those of one partition in order. */
interface RecordSource extends AutoCloseable {

  /**
   * What was looked at.
   *
   * @param seen how many records were looked at
   * @param found those of them that match
   * @param next where to read on
   */
  record Batch(long seen, List<StoredRecord> found, Position next) {}

  /**
   * Finds out whether there is what the replay asks for; called before anything is made for it.
   *
   * @throws IllegalArgumentException if nothing can match
   */
  void requirePossible() throws SQLException;

  /** Finds out where the replay begins and ends; called once in the life of a replay. */
  Plan plan() throws SQLException;

  /**
   * Reads on.
   *
   * @param from where to read on: what the batch before said, or where the replay was interrupted
   * @param limit records to look at, at most
   */
  Batch read(Position from, int limit) throws SQLException;

  /**
   * Ends what is being read, which then throws {@link ReadCancelledException}, where that can take
   * long; may be called again, and by any thread.
   */
  default void cancel() {}

  @Override
  void close();
}
