package dev.millrace.audit.mirror;

import dev.millrace.runtime.health.HealthCheck.Health;

/** Whether one consumer mirrors, or what it waits for. Safe for use by several threads. */
final class MirrorStatus {

  private volatile Health health = Health.down("waiting for the first assignment of partitions");

  Health health() {
    return health;
  }

  void mirroring() {
    health = Health.UP;
  }

  void waiting(String reason) {
    health = Health.down(reason);
  }
}
