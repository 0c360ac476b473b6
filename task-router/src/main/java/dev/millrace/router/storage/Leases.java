package dev.millrace.router.storage;

import dev.millrace.router.queue.TaskId;
import dev.millrace.router.queue.Tenant;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tasks that hold a slot: whose slot it is, and until when. */
final class Leases {

  private final Map<TaskId, Lease> leases = new LinkedHashMap<>();
  private final Map<Tenant, Integer> running = new HashMap<>();

  private record Lease(Tenant tenant, Instant until) {}

  /** A task holds a slot for this long; true if it held none before. */
  boolean hold(TaskId id, Tenant tenant, Instant until) {
    if (leases.put(id, new Lease(tenant, until)) != null) {
      return false;
    }
    running.merge(tenant, 1, Integer::sum);
    return true;
  }

  /** A task holds no slot any more; whose it was, if it held one. */
  Optional<Tenant> release(TaskId id) {
    Lease lease = leases.remove(id);
    if (lease == null) {
      return Optional.empty();
    }
    running.computeIfPresent(lease.tenant(), (_, count) -> count == 1 ? null : count - 1);
    return Optional.of(lease.tenant());
  }

  /** Tasks of a tenant that hold a slot. */
  int running(Tenant tenant) {
    return running.getOrDefault(tenant, 0);
  }

  /** Tasks whose time is up. */
  List<TaskId> overdue(Instant now) {
    return leases.entrySet().stream()
        .filter(lease -> !lease.getValue().until().isAfter(now))
        .map(Map.Entry::getKey)
        .toList();
  }

  int size() {
    return leases.size();
  }
}
