package dev.millrace.learning.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @Test
  void aStreakGrowsByADayAndEndsWithAGap() {
    Progress two = done(done(Progress.NONE, DAY), DAY.plusDays(1));
    assertThat(two.streakDays()).isEqualTo(2);
    assertThat(done(two, DAY.plusDays(1)).streakDays()).isEqualTo(2);

    Progress afterGap = done(two, DAY.plusDays(3));

    assertThat(afterGap.streakDays()).isEqualTo(1);
    assertThat(afterGap.lastCompletedOn()).isEqualTo(DAY.plusDays(3));
  }

  @Property(tries = 200)
  void theStreakIsTheRunOfDaysThatEndsWithTheLast(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 40) Integer> offsets) {
    TreeSet<Integer> days = new TreeSet<>(offsets);

    Progress progress = Progress.NONE;
    for (int day : days) {
      progress = done(progress, DAY.plusDays(day));
    }

    int expected = 1;
    while (days.contains(days.last() - expected)) {
      expected++;
    }
    assertThat(progress.streakDays()).isEqualTo(expected);
  }

  @Test
  void theAverageIsRoundedToATenth() {
    Progress progress =
        Progress.NONE.completed(1, 7, DAY).completed(1, 7, DAY).completed(1, 8, DAY);

    assertThat(progress.averageConfidence()).isEqualTo(7.3);
    assertThat(Progress.NONE.averageConfidence()).isZero();
  }

  @Test
  void theNextStartIsAtSevenInTheMorningAlsoWhenClocksChange() {
    Instant beforeChange = Instant.parse("2026-03-07T20:00:00Z");

    Instant start = Schedule.nextStart(beforeChange, beforeChange, NEW_YORK);

    assertThat(start).isEqualTo(Instant.parse("2026-03-08T11:00:00Z"));
    assertThat(Schedule.nextStart(beforeChange.minusSeconds(86_400), beforeChange, NEW_YORK))
        .isEqualTo(start);
  }

  @Test
  void theDayAfterTheSeventhIsTheFirstOfTheNextWeek() {
    assertThat(new StudyDay(1, 7).next()).isEqualTo(new StudyDay(2, 1));
    assertThat(new StudyDay(2, 3).next()).isEqualTo(new StudyDay(2, 4));
  }

  @Test
  void adviceDependsOnTimeAndConfidence() {
    StudyDay next = new StudyDay(1, 4);
    List<String> hints =
        List.of(
            NextDayHint.of(45, 60, 7, next),
            NextDayHint.of(45, 60, 2, next),
            NextDayHint.of(45, 60, 9, next),
            NextDayHint.of(10, 60, 7, next),
            NextDayHint.of(10, 60, 9, next),
            NextDayHint.of(90, 60, 2, next),
            NextDayHint.of(90, 60, 9, next));

    assertThat(hints).doesNotHaveDuplicates().allMatch(hint -> hint.contains("For day 4,"));
  }

  private static Progress done(Progress progress, LocalDate day) {
    return progress.completed(30, 5, day);
  }
}
