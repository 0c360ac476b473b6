package dev.millrace.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class AlarmTest {

  private static final Instant START = Instant.ofEpochMilli(1_000_000);
  private static final Duration RESOLUTION = Duration.ofMillis(100);

  private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
  private final List<Instant> wentOff = new ArrayList<>();
  private final Alarm alarm = new Alarm(context, RESOLUTION, wentOff::add);

  AlarmTest() {
    context.setCurrentSystemTimeMs(START.toEpochMilli());
  }

  @Test
  void nothingIsScheduledWhileNothingIsDue() {
    alarm.setFor(Instant.MAX);

    assertThat(context.scheduledPunctuators()).isEmpty();
  }

  @Test
  void itGoesOffOnce() {
    alarm.setFor(START.plusSeconds(5));

    passTo(START.plusSeconds(5));

    assertThat(wentOff).containsExactly(START.plusSeconds(5));
    assertThat(pending()).isEmpty();
  }

  @Test
  void whatIsDueAlreadyWaitsForTheResolution() {
    alarm.setFor(Instant.EPOCH);

    assertThat(pending()).containsExactly(RESOLUTION);
  }

  @Test
  void anEarlierTimeReplacesALaterOne() {
    alarm.setFor(START.plusSeconds(5));

    alarm.setFor(START.plusSeconds(2));

    assertThat(pending()).containsExactly(Duration.ofSeconds(2));
  }

  @Test
  void aLaterTimeChangesNothing() {
    alarm.setFor(START.plusSeconds(2));

    alarm.setFor(START.plusSeconds(5));

    assertThat(pending()).containsExactly(Duration.ofSeconds(2));
  }

  @Test
  void afterItWentOffItCanBeSetForALaterTime() {
    alarm.setFor(START.plusSeconds(2));
    passTo(START.plusSeconds(2));

    alarm.setFor(START.plusSeconds(60));

    assertThat(pending()).containsExactly(Duration.ofSeconds(58));
  }

  private List<Duration> pending() {
    return context.scheduledPunctuators().stream()
        .filter(punctuator -> !punctuator.cancelled())
        .map(CapturedPunctuator::getInterval)
        .toList();
  }

  private void passTo(Instant time) {
    context.setCurrentSystemTimeMs(time.toEpochMilli());
    List.copyOf(context.scheduledPunctuators()).stream()
        .filter(punctuator -> !punctuator.cancelled())
        .forEach(punctuator -> punctuator.getPunctuator().punctuate(time.toEpochMilli()));
  }
}
