package dev.millrace.runtime.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that leads a session of its own, and so a group, with everything that it started and
 * that did not leave the group. Needs the program {@code setsid} and a shell.
 */
public final class ProcessGroup {

  private static final Logger log = LoggerFactory.getLogger(ProcessGroup.class);
  private static final long SIGNAL_SECONDS = 2;

  private final Process leader;

  /** What a group is told. */
  public enum Signal {
    /** To end. */
    TERM,
    /** It is ended. */
    KILL
  }

  /**
   * @param leader a process that was started by a command of {@link #leading}
   */
  public ProcessGroup(Process leader) {
    this.leader = leader;
  }

  /** The command that runs this one as the leader of a session. */
  public static List<String> leading(List<String> command) {
    List<String> line = new ArrayList<>(List.of("setsid", "--"));
    line.addAll(command);
    return line;
  }

  /**
   * Signals all processes of the group. Java cannot; every shell can, with {@code -s}: not each
   * {@code kill} takes a group after {@code -TERM}. An interrupt is kept for the caller.
   *
   * @return whether there was a group to signal
   */
  public boolean signal(Signal signal) {
    String name = signal.name();
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -s %s -- -%d".formatted(name, leader.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (kill.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS)) {
        return kill.exitValue() == 0;
      }
      kill.destroyForcibly();
      log.atWarn().addKeyValue("pid", leader.pid()).log("a group could not be signalled in time");
    } catch (IOException e) {
      log.atWarn().addKeyValue("reason", e.getMessage()).log("no shell to signal a group with");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
