package dev.millrace.router.storage;

import dev.millrace.router.circuit.Provider;
import dev.millrace.router.queue.QueueStatus;
import dev.millrace.router.queue.QueueStatus.Pause;
import dev.millrace.router.queue.QueueStatus.Sweep;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a queue keeps about itself, as a row of the status table. */
final class StatusRow {

  private static final int VERSION = 2;

  /** Rows from then on name the provider. */
  private static final int WITH_PROVIDER = 2;

  private StatusRow() {}

  static byte[] write(QueueStatus status) {
    RowWriter row = new RowWriter(VERSION).number(status.overrides().size());
    status.overrides().forEach((name, value) -> row.text(name).text(value));
    row.small(status.pauses().size());
    status.pauses().forEach(pause -> row.small(Codes.PAUSE.of(pause)));
    return row.number(status.backlog())
        .number(status.running())
        .number(status.issued())
        .number(status.sweep().upTo())
        .flag(status.sweep().active())
        .textOrNull(status.sweep().reason())
        .time(status.clearedAt())
        .textOrNull(status.provider() == null ? null : status.provider().name())
        .toBytes();
  }

  static QueueStatus read(byte[] bytes) {
    RowReader row = new RowReader(bytes, VERSION);
    Map<String, String> overrides = new HashMap<>();
    for (int left = row.count(); left > 0; left--) {
      overrides.put(row.text(), row.text());
    }
    Set<Pause> pauses = EnumSet.noneOf(Pause.class);
    for (int left = row.small(); left > 0; left--) {
      pauses.add(Codes.PAUSE.at(row.small()));
    }
    return new QueueStatus(
        overrides,
        pauses,
        row.count(),
        row.count(),
        row.number(),
        new Sweep(row.number(), row.flag(), row.textOrNull()),
        row.time(),
        provider(row));
  }

  private static @Nullable Provider provider(RowReader row) {
    String name = row.version() < WITH_PROVIDER ? null : row.textOrNull();
    return name == null ? null : new Provider(name);
  }
}
