package dev.millrace.audit.replay;

import dev.millrace.audit.stored.StoredRecord;
import java.io.IOException;
import java.util.List;

/** Where the records of a replay go. */
interface RecordTarget extends AutoCloseable {

  /**
   * Writes records, in order; when it returns they are durable.
   *
   * @param progress how far the replay is once they are
   */
  void write(List<StoredRecord> records, ReplayProgress progress)
      throws IOException, InterruptedException;

  /** Bytes of the file that is written, if it is one. */
  default long fileBytes() {
    return 0;
  }

  @Override
  void close() throws IOException;

  /** Writes nothing: the records are only counted. */
  static RecordTarget nowhere() {
    return new RecordTarget() {
      @Override
      public void write(List<StoredRecord> records, ReplayProgress progress) {}

      @Override
      public void close() {}
    };
  }
}
