package dev.millrace.runtime.share;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.AcknowledgementCommitCallback;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * A share group of one consumer: gives out one record at a time, again after a renewal, again with
 * a higher count after a release, and insists like the real one that what it gave out is
 * acknowledged before the next poll. Acknowledgements that were not committed go out with the next
 * poll.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // it has a lock of its own
final class FakeShareConsumer extends MockShareConsumer<byte[], byte[]> {

  private static final TopicIdPartition PARTITION =
      new TopicIdPartition(Uuid.randomUuid(), new TopicPartition("any", 0));

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ConsumerRecord<byte[], byte[]>> available = new ArrayDeque<>();
  private final List<String> acknowledged = new ArrayList<>();
  private final Duration lockTimeout;
  private @Nullable ConsumerRecord<byte[], byte[]> given;
  private @Nullable ConsumerRecord<byte[], byte[]> renewed;
  private @Nullable KafkaException nextCommit;
  private @Nullable AcknowledgementCommitCallback callback;
  private final Set<Long> notSent = new HashSet<>();
  private boolean closed;

  FakeShareConsumer(Duration lockTimeout) {
    this.lockTimeout = lockTimeout;
  }

  void give(ConsumerRecord<byte[], byte[]> record) {
    lock.lock();
    try {
      available.add(record);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the next commit fail, or the next poll that carries acknowledgements. */
  void failNextCommit(KafkaException failure) {
    lock.lock();
    try {
      nextCommit = failure;
    } finally {
      lock.unlock();
    }
  }

  /** How records were acknowledged, as {@code offset TYPE}. */
  List<String> acknowledged() {
    lock.lock();
    try {
      return List.copyOf(acknowledged);
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    lock.lock();
    try {
      if (given != null) {
        throw new IllegalStateException("All records must be acknowledged in explicit mode.");
      }
      send();
      if (renewed != null) {
        given = renewed;
        renewed = null;
      } else {
        long left = timeout.toNanos();
        while (available.isEmpty() && left > 0) {
          left = changed.awaitNanos(left);
        }
        given = available.poll();
      }
      return given == null ? ConsumerRecords.empty() : records(given);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } finally {
      lock.unlock();
    }
  }

  private void send() {
    if (callback != null && !notSent.isEmpty()) {
      callback.onComplete(Map.of(PARTITION, Set.copyOf(notSent)), nextCommit);
      nextCommit = null;
    }
    notSent.clear();
  }

  @Override
  public void setAcknowledgementCommitCallback(@Nullable AcknowledgementCommitCallback callback) {
    lock.lock();
    try {
      this.callback = callback;
    } finally {
      lock.unlock();
    }
  }

  private static ConsumerRecords<byte[], byte[]> records(ConsumerRecord<byte[], byte[]> record) {
    return new ConsumerRecords<>(
        Map.of(new TopicPartition(record.topic(), record.partition()), List.of(record)), Map.of());
  }

  @Override
  public void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
    lock.lock();
    try {
      if (given == null || given.offset() != record.offset()) {
        throw new IllegalStateException("The record cannot be acknowledged.");
      }
      acknowledged.add(record.offset() + " " + type.name());
      notSent.add(record.offset());
      given = null;
      if (type == AcknowledgeType.RENEW) {
        renewed = record;
      } else if (type == AcknowledgeType.RELEASE) {
        available.addFirst(Records.again(record));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
    lock.lock();
    try {
      KafkaException failure = nextCommit;
      nextCommit = null;
      notSent.clear();
      return failure == null ? Map.of() : Map.of(PARTITION, Optional.of(failure));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Integer> acquisitionLockTimeoutMs() {
    return Optional.of(Math.toIntExact(lockTimeout.toMillis()));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }
}
