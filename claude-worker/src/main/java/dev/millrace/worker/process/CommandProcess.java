package dev.millrace.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.process.ProcessGroup;
import dev.millrace.runtime.process.ProcessGroup.Signal;
import dev.millrace.schemas.agent.LogStream;
import dev.millrace.worker.agent.RunReporter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command that runs in a session of its own, so that it can be ended with everything it started.
 * What it prints is reported line by line as it appears.
 */
final class CommandProcess implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CommandProcess.class);

  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(20);

  /** Kill and look again: a process may start another while it is killed. */
  private static final int KILL_ROUNDS = 50;

  private final Process process;
  private final ProcessGroup group;
  private final Launch launch;
  private final Path workspace;
  private final Duration killGrace;
  private final OutputPump output;
  private final OutputPump errors;

  private CommandProcess(
      Process process, Launch launch, Path workspace, Duration killGrace, RunReporter reporter) {
    this.process = process;
    this.group = new ProcessGroup(process);
    this.launch = launch;
    this.workspace = workspace;
    this.killGrace = killGrace;
    this.output =
        OutputPump.start(process.getInputStream(), line -> reporter.log(LogStream.STDOUT, line));
    this.errors =
        OutputPump.start(process.getErrorStream(), line -> reporter.log(LogStream.STDERR, line));
  }

  /**
   * Starts a command.
   *
   * @param input what it finds on its standard input
   * @param killGrace how long it may take when it is told to end
   */
  static CommandProcess start(
      Launch launch, Workspace workspace, Duration killGrace, String input, RunReporter reporter)
      throws IOException {
    launch.end(); // what an earlier delivery of the run left
    ProcessBuilder builder =
        new ProcessBuilder(launch.commandLine()).directory(workspace.repository().toFile());
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    builder.environment().put(Processes.MARK, workspace.folder().toString());
    Process process = builder.start();
    CommandProcess started =
        new CommandProcess(process, launch, workspace.folder(), killGrace, reporter);
    Thread.ofPlatform().daemon().name("stdin-" + process.pid()).start(() -> feed(process, input));
    return started;
  }

  private static void feed(Process process, String input) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    } catch (IOException e) {
      log.atDebug().addKeyValue("pid", process.pid()).log("the command did not read its input");
    }
  }

  /** What it is found by on this machine. */
  String name() {
    return launch.name(process.pid());
  }

  /** Waits for its end; false if it goes on. */
  boolean await(Duration atMost) throws InterruptedException {
    return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Its exit code, once it has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** The end of what it printed, once it is closed. */
  String printed() {
    return output.tail();
  }

  /** The last line it complained with; empty if there is none. */
  String lastComplaint() {
    return errors.lastLine();
  }

  /**
   * Ends it with everything it started: asks first, and kills what is still there after the grace.
   * What it left behind after an end of its own is killed as well.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      if (process.isAlive()) {
        group.signal(Signal.TERM);
        Processes.of(workspace).forEach(ProcessHandle::destroy);
        awaitEnd();
        launch.end();
      }
      killAll();
      launch.end(); // again, as it may have been about to start
      interrupted |= Thread.interrupted();
      output.end(DRAIN);
      errors.end(DRAIN);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void awaitEnd() {
    long deadline = System.nanoTime() + killGrace.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      pause();
    }
  }

  private void killAll() {
    group.signal(Signal.KILL);
    for (int round = 0; round < KILL_ROUNDS; round++) {
      List<ProcessHandle> left = Processes.of(workspace);
      left.forEach(ProcessHandle::destroyForcibly);
      if (left.isEmpty() && !process.isAlive()) {
        return;
      }
      pause();
    }
    log.atWarn().addKeyValue("workspace", workspace).log("processes of a run could not be killed");
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Thread.onSpinWait();
    }
  }
}
