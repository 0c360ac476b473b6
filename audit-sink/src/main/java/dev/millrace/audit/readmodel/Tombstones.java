package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.catalogue.Topic;

/**
 * Records that their producer wrote without a value: on a compacted topic, the key is to be
 * forgotten. A value that was withheld from the mirror is none of those.
 */
final class Tombstones {

  private Tombstones() {}

  static boolean is(MirrorRow row, Topic<?> topic) {
    return row.record().value() == null
        && row.redacted() == null
        && row.record().topic().equals(topic.name());
  }
}
