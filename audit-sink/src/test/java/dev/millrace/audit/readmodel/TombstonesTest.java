package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.DecodedValue;
import dev.millrace.audit.redact.Redactor;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TombstonesTest {

  private static final Topic<?> TOPIC = Topics.LEARNING_STATUSES;

  @Test
  void aRecordWithoutAValueIsOne() {
    assertThat(Tombstones.is(withoutValue(null), TOPIC)).isTrue();
    assertThat(Tombstones.is(withoutValue(null), Topics.LEARNING_INTENTS)).isFalse();
  }

  @Test
  void aRecordWhoseValueWasWithheldIsNone() {
    assertThat(Tombstones.is(withoutValue(Redactor.WITHHELD), TOPIC)).isFalse();
  }

  private static MirrorRow withoutValue(@Nullable String redacted) {
    return MirrorRow.of(Records.record(TOPIC.name(), 0, 1, null), DecodedValue.TOMBSTONE, redacted);
  }
}
