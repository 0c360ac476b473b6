package dev.millrace.audit.mirror;

/** A partition does not stand where this sink left it: another sink mirrors it now. */
final class TakenOverException extends Exception {

  private static final long serialVersionUID = 1L;

  TakenOverException(int expected, int found) {
    super(
        "expected %d partitions where this sink left them, found %d: another sink mirrors the others"
            .formatted(expected, found));
  }
}
