package dev.millrace.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventFieldsTest {

  private static final Instant AT = Instant.parse("2026-01-19T15:00:00Z");

  @Test
  void aNameHasUpTo256CharactersWhateverTheirEncoding() {
    assertThatCode(() -> EventFields.requireName("id", "🎓".repeat(256)))
        .doesNotThrowAnyException();

    assertThatThrownBy(() -> EventFields.requireName("id", "x".repeat(257)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessage("id: expected at most 256 characters, found 257");
    assertThatThrownBy(() -> EventFields.requireName("id", " "))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("id: expected 1 to 256 characters");
  }

  @Test
  void aNameThatMayBeAbsentMayBeBlankButNotLonger() {
    assertThatCode(() -> EventFields.requireShort("etag", null)).doesNotThrowAnyException();
    assertThatCode(() -> EventFields.requireShort("etag", "")).doesNotThrowAnyException();

    assertThatThrownBy(() -> EventFields.requireShort("etag", "x".repeat(257)))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("etag");
  }

  @Test
  void aTimeAheadOfItsRecordIsThatOfTheRecord() {
    assertThat(EventFields.timeNotAfter("at", Instant.ofEpochMilli(Long.MAX_VALUE), AT))
        .isEqualTo(AT);
    assertThat(EventFields.timeNotAfter("at", null, AT)).isEqualTo(AT);
    assertThat(EventFields.timeNotAfter("at", AT.minusSeconds(1), AT))
        .isEqualTo(AT.minusSeconds(1));
  }

  @Test
  void aTimeBefore1970IsRefused() {
    assertThatThrownBy(() -> EventFields.timeNotAfter("at", Instant.ofEpochMilli(-1), AT))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("at: expected a time from 1970 on");
  }
}
