package dev.millrace.worker.run;

import dev.millrace.worker.agent.RunId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The runs of this process, and the commands to kill runs. A command may come before its run: it is
 * remembered, up to {@value #MAX_KILLS} of them.
 */
public final class ActiveRuns {

  private static final int MAX_KILLS = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private final Map<RunId, CompletableFuture<RunEnd>> running = new LinkedHashMap<>();
  private final Map<RunId, String> kills = new LinkedHashMap<>();

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
      String kill = kills.get(run);
      if (kill != null) {
        end.complete(RunEnd.killed(kill));
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
    lock.lock();
    try {
      kills.putIfAbsent(run, reason);
      if (kills.size() > MAX_KILLS) {
        kills.remove(kills.keySet().iterator().next());
      }
      end = running.get(run);
    } finally {
      lock.unlock();
    }
    complete(end, reason);
  }

  private static void complete(@Nullable CompletableFuture<RunEnd> end, String reason) {
    if (end != null) {
      end.complete(RunEnd.killed(reason));
    }
  }
}
