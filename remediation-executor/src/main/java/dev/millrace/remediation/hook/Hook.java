package dev.millrace.remediation.hook;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What an action does for a project. */
public sealed interface Hook {

  /** Kind of the hook: {@code command} or {@code http}. */
  String kind();

  /** After which it has failed. */
  Duration timeout();

  /** Whether doing it twice is like doing it once: only then it is repeated after a crash. */
  boolean idempotent();

  /**
   * A process that is run, without a shell.
   *
   * @param command program and arguments
   */
  record RunCommand(List<String> command, Duration timeout, boolean idempotent) implements Hook {

    public RunCommand {
      command = List.copyOf(command);
    }

    @Override
    public String kind() {
      return "command";
    }
  }

  /**
   * An HTTP call that is made.
   *
   * @param method POST, PUT or another
   * @param url address, with {@code {project}} and {@code {action}} already filled in
   * @param headers headers on top of those every call has
   */
  record CallHttp(
      String method, URI url, Map<String, String> headers, Duration timeout, boolean idempotent)
      implements Hook {

    public CallHttp {
      headers = Map.copyOf(headers);
    }

    @Override
    public String kind() {
      return "http";
    }

    /** Headers may carry credentials. */
    @Override
    public String toString() {
      return method + " " + url;
    }
  }
}
