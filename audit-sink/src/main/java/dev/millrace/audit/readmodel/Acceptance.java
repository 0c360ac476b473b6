package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.runtime.validation.HealthEvents;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.runtime.validation.LearningEvents;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether the app that a record is for acts on it. One that it gives up as invalid is on record,
 * and a dead letter, but changes no read model: nothing came of it.
 */
final class Acceptance {

  private Acceptance() {}

  /**
   * When something happened: as the event tells, but not after its record was written, as the clock
   * of its producer may run ahead, nor before 1970.
   */
  static Instant timeOf(@Nullable Instant told, MirrorRow row) {
    return told == null || told.isAfter(row.timestamp()) || told.isBefore(Instant.EPOCH)
        ? row.timestamp()
        : told;
  }

  static boolean refuses(MirrorRow row) {
    if (row.redacted() != null) {
      return false; // what it was like can no longer be told
    }
    try {
      switch (row.value().value()) {
        case LearningIntent intent -> {
          LearningEvents.requireKey(row.key(), intent.getUserId());
          LearningEvents.require(intent);
        }
        case LearningCompletion done -> {
          LearningEvents.requireKey(row.key(), done.getUserId());
          LearningEvents.require(done);
        }
        case HealthProbe probe -> {
          HealthEvents.requireKey(row.key(), probe.getProject());
          HealthEvents.require(probe, row.timestamp());
        }
        case HealthAnomaly anomaly -> {
          HealthEvents.requireKey(row.key(), anomaly.getProject());
          HealthEvents.require(anomaly);
        }
        case null, default -> {}
      }
      return false;
    } catch (InvalidEventException e) {
      return true;
    }
  }
}
