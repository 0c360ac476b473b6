package dev.millrace.worker.run;

import dev.millrace.worker.agent.RunId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The runs of this process, and the commands to kill runs. A command may come before its run: it is
 * remembered for as long as the run may still come, up to {@value #MAX_KILLS} of them.
 */
public final class ActiveRuns {

  private static final int MAX_KILLS = 100_000;

  private final Duration killsKept;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private final Map<RunId, CompletableFuture<RunEnd>> running = new LinkedHashMap<>();

  /** In the order in which they were heard. */
  private final Map<RunId, Kill> kills = new LinkedHashMap<>();

  private record Kill(String reason, Instant heardAt) {}

  /**
   * @param killsKept how long a run may come after the command to kill it
   */
  public ActiveRuns(Duration killsKept, Clock clock) {
    this.killsKept = killsKept;
    this.clock = clock;
  }

  /**
   * Enters a run and returns what completes when it ends; it is complete at once when the run was
   * killed before. When the same run is under way in this process, which a lost lock can lead to,
   * it waits for that one to leave.
   */
  CompletableFuture<RunEnd> enter(RunId run) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (running.containsKey(run)) {
        left.await();
      }
      CompletableFuture<RunEnd> end = new CompletableFuture<>();
      running.put(run, end);
      Kill kill = kills.get(run);
      if (kill != null) {
        end.complete(RunEnd.killed(kill.reason()));
      }
      return end;
    } finally {
      lock.unlock();
    }
  }

  void leave(RunId run) {
    lock.lock();
    try {
      running.remove(run);
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a run, here and whenever it comes again. */
  public void kill(RunId run, String reason) {
    CompletableFuture<RunEnd> end;
    Instant now = clock.instant();
    lock.lock();
    try {
      kills.putIfAbsent(run, new Kill(reason, now));
      forgetKillsBefore(now.minus(killsKept));
      end = running.get(run);
    } finally {
      lock.unlock();
    }
    complete(end, reason);
  }

  private void forgetKillsBefore(Instant time) {
    Iterator<Kill> oldest = kills.values().iterator();
    while (oldest.hasNext()
        && (oldest.next().heardAt().isBefore(time) || kills.size() > MAX_KILLS)) {
      oldest.remove();
    }
  }

  private static void complete(@Nullable CompletableFuture<RunEnd> end, String reason) {
    if (end != null) {
      end.complete(RunEnd.killed(reason));
    }
  }
}
