package dev.millrace.router.workflow.topology;

import dev.millrace.router.workflow.FlowInput;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Events that name a flow which nobody knows. What begins a flow is on another topic and may be
 * read a moment later, so they wait for it; those that wait in vain are given back.
 */
final class EarlyInputs {

  /** How long a flow is waited for: far longer than topics are apart while the app keeps up. */
  static final Duration WAIT = Duration.ofMinutes(1);

  private final KeyValueStore<String, Early> store;
  private final Map<String, Instant> due = new HashMap<>();

  /** An input, and since when it waits. */
  record Early(FlowInput input, Instant since) {}

  EarlyInputs(KeyValueStore<String, Early> store) {
    this.store = store;
    try (KeyValueIterator<String, Early> all = store.all()) {
      all.forEachRemaining(early -> due.put(early.key, early.value.since().plus(WAIT)));
    }
  }

  void keep(FlowInput input, Instant now) {
    String key =
        "%s%019d/%s".formatted(prefix(input.flow()), now.toEpochMilli(), input.cause().id());
    store.put(key, new Early(input, now));
    due.put(key, now.plus(WAIT));
  }

  /** Those that wait for this flow, in the order in which they came; they wait no longer. */
  List<FlowInput> take(String flow) {
    List<String> keys = new ArrayList<>();
    List<FlowInput> inputs = new ArrayList<>();
    // No id of a flow has a slash; the character after it ends the range.
    try (KeyValueIterator<String, Early> waiting = store.range(prefix(flow), flow + '0')) {
      while (waiting.hasNext()) {
        KeyValue<String, Early> next = waiting.next();
        keys.add(next.key);
        inputs.add(next.value.input());
      }
    }
    keys.forEach(this::forget);
    return inputs;
  }

  /** Those that have waited in vain. */
  List<FlowInput> takeDue(Instant now) {
    List<String> keys =
        due.entrySet().stream()
            .filter(entry -> !entry.getValue().isAfter(now))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    List<FlowInput> inputs = new ArrayList<>();
    for (String key : keys) {
      Early early = store.get(key);
      forget(key);
      if (early != null) {
        inputs.add(early.input());
      }
    }
    return inputs;
  }

  /** When the next has waited long enough. */
  Optional<Instant> nextDue() {
    return due.values().stream().min(Instant::compareTo);
  }

  private void forget(String key) {
    store.delete(key);
    due.remove(key);
  }

  private static String prefix(String flow) {
    return flow + '/';
  }
}
