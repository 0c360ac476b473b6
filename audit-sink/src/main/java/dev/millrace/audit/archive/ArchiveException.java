package dev.millrace.audit.archive;

/** An archive cannot be made, or is not what it says it is; names the archive or the row. */
public final class ArchiveException extends Exception {

  private static final long serialVersionUID = 1L;

  ArchiveException(String message) {
    super(message);
  }
}
