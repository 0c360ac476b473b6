package dev.millrace.embedding.isolation;

import dev.millrace.embedding.isolation.Exchange.Question;
import dev.millrace.embedding.parse.ParsedDocument;
import dev.millrace.embedding.parse.Parser;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Parser processes that are started when they are needed and ended when they have not been for a
 * minute. A thread cannot be stopped from outside, a process can: a document whose parser never
 * comes to an end, or takes all memory, costs its process and nothing else.
 */
public final class ParserPool implements AutoCloseable {

  private static final Duration KEPT_IDLE = Duration.ofMinutes(1);

  private final ParserCommand command;
  private final Duration time;
  private final Semaphore permits;
  private final Deque<ParserProcess> idle = new ArrayDeque<>();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("embedding-parser-sweeper").factory());
  private boolean closed;

  /**
   * @param processes at the same time, at most
   * @param time for one document, the start of a process included
   */
  public ParserPool(ParserCommand command, int processes, Duration time) {
    this.command = command;
    this.time = time;
    this.permits = new Semaphore(processes, true);
    long period = KEPT_IDLE.toSeconds();
    var _ = sweeper.scheduleWithFixedDelay(this::endIdle, period, period, TimeUnit.SECONDS);
  }

  /** A parser for documents of this type that works in one of the processes. */
  public Parser parser(String mediaType) {
    return (content, named) -> {
      String type = named == null ? mediaType : mediaType + "; charset=" + named.name();
      return parse(new Question(type, content));
    };
  }

  private ParsedDocument parse(Question question) throws InterruptedException {
    permits.acquire();
    try {
      ParserProcess process = take();
      try {
        return process.parse(question, time);
      } finally {
        giveBack(process);
      }
    } finally {
      permits.release();
    }
  }

  private ParserProcess take() {
    ParserProcess waiting = takeIdle();
    return waiting == null ? ParserProcess.start(command) : waiting;
  }

  private synchronized @Nullable ParserProcess takeIdle() {
    idle.removeIf(process -> !process.isAlive());
    return idle.pollLast();
  }

  private synchronized void giveBack(ParserProcess process) {
    if (closed) {
      process.kill();
    } else if (process.isAlive()) {
      idle.addLast(process);
    }
  }

  private synchronized void endIdle() {
    idle.stream().filter(process -> process.isIdleFor(KEPT_IDLE)).forEach(ParserProcess::kill);
    idle.removeIf(process -> process.isIdleFor(KEPT_IDLE));
  }

  @Override
  public synchronized void close() {
    closed = true;
    sweeper.shutdownNow();
    idle.forEach(ParserProcess::kill);
    idle.clear();
  }
}
