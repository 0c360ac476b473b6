package dev.millrace.learning.progress;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** When learners are expected at their desk: in the morning of the next day, where they live. */
public final class Schedule {

  private static final LocalTime START = LocalTime.of(7, 0);

  private Schedule() {}

  /**
   * The next start after a session: on the day after it, or, when that is over, the next one to
   * come. A start that a clock change skips is moved by that change.
   *
   * @param sessionAt when the latest session was planned or completed
   * @param now from when on
   */
  public static Instant nextStart(Instant sessionAt, Instant now, ZoneId zone) {
    LocalDate day = sessionAt.atZone(zone).toLocalDate().plusDays(1);
    Instant start = start(day, zone);
    if (start.isAfter(now)) {
      return start;
    }
    LocalDate today = now.atZone(zone).toLocalDate();
    Instant startToday = start(today, zone);
    return startToday.isAfter(now) ? startToday : start(today.plusDays(1), zone);
  }

  private static Instant start(LocalDate day, ZoneId zone) {
    return ZonedDateTime.of(day, START, zone).toInstant();
  }
}
