package dev.millrace.runtime.queue;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What the runs of a task are called: whoever knows the task knows them beforehand. */
public final class RunIdentity {

  private RunIdentity() {}

  /**
   * The run of an attempt at a task: always the same, so that it is dispatched once.
   *
   * @param attempt number of the run, from 1
   */
  public static String of(String taskId, int attempt) {
    String name = "run\n" + taskId + '\n' + attempt;
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
