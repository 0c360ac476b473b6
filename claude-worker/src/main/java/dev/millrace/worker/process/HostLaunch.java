package dev.millrace.worker.process;

import java.util.List;
import java.util.Map;

/** The command as a process of this machine. */
record HostLaunch(ProcessConfig config, Map<String, String> environment) implements Launch {

  /** POSIX counts the size of files in blocks of this many bytes. */
  private static final int BLOCK = 512;

  @Override
  public List<String> commandLine() {
    String limited =
        "ulimit -f %d; ulimit -c 0; %s".formatted(config.quotaBytes() / BLOCK, config.command());
    return List.of("setsid", "sh", "-c", limited);
  }

  @Override
  public String name(long pid) {
    return "host-pid-" + pid;
  }

  /** The process and what it started are all there is. */
  @Override
  public void end() {}
}
