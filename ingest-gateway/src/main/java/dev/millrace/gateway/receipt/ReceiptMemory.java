package dev.millrace.gateway.receipt;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest receipts. Where there is no more room, the oldest makes it: a cache that keeps what is
 * asked for often would let the newest go, because no receipt is asked for before its request comes
 * again. For many threads.
 */
final class ReceiptMemory {

  private final int maxEntries;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<String, StoredReceipt> oldestFirst = new LinkedHashMap<>();
  private long forgotten;

  /**
   * @param maxEntries receipts at most
   */
  ReceiptMemory(int maxEntries, Clock clock) {
    this.maxEntries = maxEntries;
    this.clock = clock;
  }

  /** The receipt under this record key, also one that answers no more. */
  @Nullable StoredReceipt find(String recordKey) {
    lock.lock();
    try {
      return oldestFirst.get(recordKey);
    } finally {
      lock.unlock();
    }
  }

  void keep(String recordKey, StoredReceipt receipt) {
    Instant now = clock.instant();
    lock.lock();
    try {
      oldestFirst.putLast(recordKey, receipt);
      makeRoom(now);
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom(Instant now) {
    Map.Entry<String, StoredReceipt> oldest = oldestFirst.firstEntry();
    while (oldest != null && !ReceiptKey.answers(oldest.getKey(), oldest.getValue(), now)) {
      oldestFirst.pollFirstEntry();
      oldest = oldestFirst.firstEntry();
    }
    if (oldestFirst.size() > maxEntries) {
      oldestFirst.pollFirstEntry();
      forgotten++;
    }
  }

  int size() {
    lock.lock();
    try {
      return oldestFirst.size();
    } finally {
      lock.unlock();
    }
  }

  /** Receipts that made room although repetitions of their requests could still come. */
  long forgotten() {
    lock.lock();
    try {
      return forgotten;
    } finally {
      lock.unlock();
    }
  }
}
