package dev.millrace.remediation.hook;

import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.process.ProcessGroup;
import dev.millrace.runtime.process.ProcessGroup.Signal;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a process in a session of its own, without a shell and without the credentials of this app.
 * At its timeout it is asked to end, with everything it started, and then made to. What it started
 * may go on when it ends by itself: that is how a service is restarted; such a service must send
 * its output elsewhere, as it loses this one with this app.
 */
final class CommandRunner {

  private static final Logger log = LoggerFactory.getLogger(CommandRunner.class);

  /** Between asking to end and making it. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final Duration DRAIN_TIMEOUT = Duration.ofMillis(500);
  private static final Duration KILL_TIMEOUT = Duration.ofSeconds(2);
  private static final File NOTHING = new File("/dev/null");
  private static final int BUFFER_BYTES = 8 << 10;

  /** Characters of its last line that the reason of a failure tells. */
  private static final int MAX_SAID = 200;

  private static final Set<String> INHERITED =
      Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR");

  private final String app;

  CommandRunner(String app) {
    this.app = app;
  }

  HookResult run(Hook.RunCommand hook, HookCall call) throws InterruptedException {
    Process process;
    try {
      process = start(hook, call);
    } catch (IOException e) {
      return HookResult.failure(null, "", "could not be started: " + e.getMessage());
    }
    Output output = new Output();
    Thread drain =
        Thread.ofPlatform().daemon().name(app + "-hook-output").start(() -> drain(process, output));
    try {
      boolean ended = process.waitFor(hook.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        end(process);
        drain.join(DRAIN_TIMEOUT);
        return HookResult.failure(
            null, output.text(), "did not end within " + hook.timeout().toMillis() + " ms");
      }
      drain.join(DRAIN_TIMEOUT);
      return result(process.exitValue(), output);
    } catch (InterruptedException e) {
      end(process);
      throw e;
    }
  }

  private static HookResult result(int exitCode, Output output) {
    return exitCode == 0
        ? HookResult.success(exitCode, output.text())
        : HookResult.failure(
            exitCode, output.text(), "ended with exit code " + exitCode + said(output));
  }

  /** The last line that it wrote: commands end with why they give up. */
  private static String said(Output output) {
    String text = output.text();
    String line = text.substring(text.lastIndexOf('\n') + 1).strip();
    return line.isEmpty() ? "" : ": " + Texts.shorten(line, MAX_SAID);
  }

  private static Process start(Hook.RunCommand hook, HookCall call) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(ProcessGroup.leading(hook.command()))
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(NOTHING));
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(INHERITED);
    environment.put("MILLRACE_PROJECT", call.project());
    environment.put("MILLRACE_ACTION", call.action());
    environment.put("MILLRACE_COMMAND_ID", call.commandId());
    return builder.start();
  }

  private static void drain(Process process, Output output) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream stream = process.getInputStream()) {
      for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
        output.append(buffer, length);
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("the output of a hook ended early");
    }
  }

  /** Ends a process with everything it started, also what left its group meanwhile. */
  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> descendants = process.descendants().toList();
    ProcessGroup group = new ProcessGroup(process);
    group.signal(Signal.TERM);
    boolean ended = process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    group.signal(Signal.KILL);
    descendants.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (!ended && !process.waitFor(KILL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      log.atError().addKeyValue("pid", process.pid()).log("a hook could not be ended");
    }
  }
}
