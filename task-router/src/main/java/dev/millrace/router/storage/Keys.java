package dev.millrace.router.storage;

import dev.millrace.router.queue.Place;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.Tenant;
import dev.millrace.router.queue.Timer;
import dev.millrace.schemas.task.Priority;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Keys of the rows of a queue: {@code table, queue, 0, rest}. Numbers are written so that their
 * order is that of the bytes; the rest is
 *
 * <table>
 *   <caption>Tables</caption>
 *   <tr><td>STATUS</td><td>nothing</td><td>the queue about itself</td></tr>
 *   <tr><td>TASK</td><td>task</td><td>what is kept of it</td></tr>
 *   <tr><td>REQUEST</td><td>task</td><td>what was asked for</td></tr>
 *   <tr><td>WAITING</td><td>priority, sequence</td><td>the task of no tenant that waits there</td></tr>
 *   <tr><td>TENANT</td><td>priority, tenant, 0, sequence</td><td>the tenant's task that waits there</td></tr>
 *   <tr><td>RUNNING</td><td>task</td><td>nothing; it holds a slot</td></tr>
 *   <tr><td>TIMER</td><td>due, kind, subject</td><td>nothing</td></tr>
 *   <tr><td>COMMAND</td><td>command</td><td>nothing</td></tr>
 *   <tr><td>CIRCUIT</td><td>provider</td><td>its circuit; of no queue</td></tr>
 * </table>
 */
final class Keys {

  enum Table {
    STATUS('Q'),
    TASK('T'),
    REQUEST('R'),
    WAITING('W'),
    TENANT('L'),
    TIMER('D'),
    RUNNING('A'),
    COMMAND('C'),
    CIRCUIT('P');

    private final byte code;

    Table(char code) {
      this.code = (byte) code;
    }
  }

  /** Ends the name of a tenant in a key; every character of a name is greater. */
  private static final byte END_OF_NAME = 0;

  private final QueueName queue;

  Keys(QueueName queue) {
    this.queue = queue;
  }

  byte[] of(Table table, String subject) {
    return key(table, subject.getBytes(StandardCharsets.UTF_8));
  }

  byte[] waiting(Priority priority, Tenant tenant, long sequence) {
    byte code = (byte) Codes.PRIORITY.of(priority);
    if (tenant.isNone()) {
      return key(
          Table.WAITING,
          ByteBuffer.allocate(Byte.BYTES + Long.BYTES).put(code).putLong(sequence).array());
    }
    byte[] name = tenant.name().getBytes(StandardCharsets.UTF_8);
    return key(
        Table.TENANT,
        ByteBuffer.allocate(2 * Byte.BYTES + name.length + Long.BYTES)
            .put(code)
            .put(name)
            .put(END_OF_NAME)
            .putLong(sequence)
            .array());
  }

  byte[] waiting(Place place) {
    return waiting(place.priority(), place.tenant(), place.sequence());
  }

  /** Greater than the keys of this tenant's tasks, and less than those of the tenants after it. */
  byte[] behindTenant(Priority priority, Tenant tenant) {
    byte[] name = tenant.name().getBytes(StandardCharsets.UTF_8);
    return key(
        Table.TENANT,
        ByteBuffer.allocate(2 * Byte.BYTES + name.length)
            .put((byte) Codes.PRIORITY.of(priority))
            .put(name)
            .put((byte) (END_OF_NAME + 1))
            .array());
  }

  /** Greater than the keys of all tenants' tasks of this priority. */
  byte[] behindTenants(Priority priority) {
    return key(Table.TENANT, new byte[] {(byte) (Codes.PRIORITY.of(priority) + 1)});
  }

  /** The tenant whose task waits under this key. */
  Tenant tenant(byte[] key) {
    ByteBuffer rest = rest(key);
    rest.get();
    rest.limit(rest.limit() - Long.BYTES - Byte.BYTES);
    return new Tenant(StandardCharsets.UTF_8.decode(rest).toString());
  }

  byte[] timer(Timer timer) {
    byte[] subject = timer.subject().getBytes(StandardCharsets.UTF_8);
    return key(
        Table.TIMER,
        ByteBuffer.allocate(Long.BYTES + Byte.BYTES + subject.length)
            .putLong(timer.due().toEpochMilli())
            .put((byte) Codes.TIMER.of(timer.kind()))
            .put(subject)
            .array());
  }

  /** Less than the key of every timer that is due then or later, and of no other. */
  byte[] timersFrom(Instant due) {
    return key(Table.TIMER, ByteBuffer.allocate(Long.BYTES).putLong(due.toEpochMilli()).array());
  }

  /** Not greater than the key of any row of the queue in this table. */
  byte[] first(Table table) {
    return key(table, new byte[0]);
  }

  /** Greater than the key of every row of the queue in this table: no text or number begins so. */
  byte[] last(Table table) {
    return key(table, new byte[] {(byte) 0xFF});
  }

  /** The task or command whose row has this key. */
  String subject(byte[] key) {
    return StandardCharsets.UTF_8.decode(rest(key)).toString();
  }

  Timer timer(byte[] key) {
    ByteBuffer rest = rest(key);
    Instant due = Instant.ofEpochMilli(rest.getLong());
    Timer.Kind kind = Codes.TIMER.at(rest.get());
    return new Timer(due, kind, StandardCharsets.UTF_8.decode(rest).toString());
  }

  long sequence(byte[] waitingKey) {
    return ByteBuffer.wrap(waitingKey).getLong(waitingKey.length - Long.BYTES);
  }

  /** First and last possible key of the status rows of all queues. */
  static byte[][] allQueues() {
    return new byte[][] {{Table.STATUS.code}, {(byte) (Table.STATUS.code + 1)}};
  }

  /** The queue whose status stands under the key. */
  static QueueName queueOf(byte[] statusKey) {
    return new QueueName(
        new String(Arrays.copyOfRange(statusKey, 1, statusKey.length - 1), StandardCharsets.UTF_8));
  }

  private ByteBuffer rest(byte[] key) {
    int prefix = 2 + queue.value().getBytes(StandardCharsets.UTF_8).length;
    return ByteBuffer.wrap(key, prefix, key.length - prefix);
  }

  private byte[] key(Table table, byte[] rest) {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.write(table.code);
    key.writeBytes(queue.value().getBytes(StandardCharsets.UTF_8));
    key.write(0);
    key.writeBytes(rest);
    return key.toByteArray();
  }
}
