package dev.millrace.router.storage;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.Circuits;
import dev.millrace.router.circuit.Provider;
import dev.millrace.router.queue.QueueName;
import java.util.HashMap;
import java.util.Map;

/** Circuits in an ordered store, beside the queues of the same partition. */
public final class StoredCircuits implements Circuits {

  private static final int VERSION = 1;

  /** Circuits belong to no queue; no queue is called so. */
  private final Keys keys = new Keys(new QueueName(""));

  private final OrderedStore store;
  private final Map<Provider, Circuit> known = new HashMap<>();

  public StoredCircuits(OrderedStore store) {
    this.store = store;
  }

  @Override
  public Circuit of(Provider provider) {
    return known.computeIfAbsent(provider, this::read);
  }

  private Circuit read(Provider provider) {
    byte[] bytes = store.get(keys.of(Keys.Table.CIRCUIT, provider.name()));
    if (bytes == null) {
      return Circuit.NEW;
    }
    RowReader row = new RowReader(bytes, VERSION);
    return new Circuit(
        Codes.CIRCUIT.at(row.small()),
        row.count(),
        row.count(),
        row.timeOrNull(),
        row.textOrNull(),
        row.textOrNull(),
        row.time());
  }

  @Override
  public void save(Provider provider, Circuit circuit) {
    known.put(provider, circuit);
    store.put(
        keys.of(Keys.Table.CIRCUIT, provider.name()),
        new RowWriter(VERSION)
            .small(Codes.CIRCUIT.of(circuit.state()))
            .number(circuit.failures())
            .number(circuit.reopened())
            .timeOrNull(circuit.until())
            .textOrNull(circuit.probe())
            .textOrNull(circuit.reason())
            .time(circuit.changedAt())
            .toBytes());
  }
}
