package dev.millrace.audit.mirror;

/**
 * A partition's step from one offset to a later one.
 *
 * @param expected offset the mirror must stand at before; if it does not, somebody else mirrors the
 *     partition
 * @param next offset it stands at after
 */
record Advance(long expected, long next) {

  Advance {
    if (next < expected) {
      throw new IllegalArgumentException("the mirror goes from " + expected + " back to " + next);
    }
  }
}
