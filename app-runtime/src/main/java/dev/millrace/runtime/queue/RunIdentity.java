package dev.millrace.runtime.queue;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What the runs of a task are called: whoever knows the task knows them beforehand. */
public final class RunIdentity {

  /**
   * Attribute of a task that was asked for as an agent: the role or the name that was asked for.
   * Its first run is there for its caller from then on.
   */
  public static final String SPAWNED_AS = "spawned_as";

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
