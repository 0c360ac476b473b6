package dev.millrace.audit.replay;

import java.io.Serial;
import java.sql.SQLException;

/** A source was told to stop while it read. */
final class ReadCancelledException extends SQLException {

  @Serial private static final long serialVersionUID = 1L;

  ReadCancelledException(SQLException cause) {
    super(cause);
  }

  ReadCancelledException() {
    super("nothing more is read");
  }
}
