package dev.millrace.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.worker.agent.LineSplitter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a process prints, however much it is, and passes it on line by line. Bytes that are no
 * UTF-8 become replacement characters. The end of it is kept.
 *
 * <p>A read of a pipe blocks its thread in the kernel, so each pump has one of the platform's: the
 * few that carry virtual threads would be used up by processes that print nothing.
 */
final class OutputPump {

  /** Characters that are kept of the end. */
  static final int TAIL = 256 << 10;

  private static final Logger log = LoggerFactory.getLogger(OutputPump.class);

  private final InputStream in;
  private final LineSplitter lines;
  private final ReentrantLock lock = new ReentrantLock();
  private final StringBuilder tail = new StringBuilder();
  private final Thread thread;

  private OutputPump(InputStream in, Consumer<String> lines) {
    this.in = in;
    this.lines = new LineSplitter(lines);
    this.thread = Thread.ofPlatform().daemon().name("output-pump").unstarted(this::pump);
  }

  static OutputPump start(InputStream in, Consumer<String> lines) {
    OutputPump pump = new OutputPump(in, lines);
    pump.thread.start();
    return pump;
  }

  private void pump() {
    char[] piece = new char[8 << 10];
    try (Reader reader = new InputStreamReader(in, UTF_8)) {
      for (int read = reader.read(piece); read >= 0; read = reader.read(piece)) {
        String text = new String(piece, 0, read);
        keep(text);
        lines.append(text);
      }
    } catch (IOException e) {
      log.atDebug().addKeyValue("reason", e.getMessage()).log("the output of a process broke off");
    } finally {
      lines.end();
    }
  }

  private void keep(String text) {
    lock.lock();
    try {
      tail.append(text);
      if (tail.length() > 2 * TAIL) {
        tail.delete(0, tail.length() - TAIL);
      }
    } finally {
      lock.unlock();
    }
  }

  String tail() {
    lock.lock();
    try {
      return tail.substring(Math.max(0, tail.length() - TAIL));
    } finally {
      lock.unlock();
    }
  }

  String lastLine() {
    return tail().strip().lines().reduce((_, last) -> last).orElse("").strip();
  }

  /** Waits until everything was read; a pipe that somebody holds open is closed after that time. */
  void end(Duration atMost) {
    try {
      if (!thread.join(atMost)) {
        in.close();
      }
    } catch (IOException e) {
      log.atDebug().addKeyValue("reason", e.getMessage()).log("a pipe could not be closed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
