package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.catalogue.Topic;

/** Records without a value: on a compacted topic, the key is to be forgotten. */
final class Tombstones {

  private Tombstones() {}

  static boolean is(MirrorRow row, Topic<?> topic) {
    return row.record().value() == null && row.record().topic().equals(topic.name());
  }
}
