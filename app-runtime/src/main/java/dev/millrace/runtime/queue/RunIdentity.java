package dev.millrace.runtime.queue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** What the runs of a task are called: whoever knows the task knows them beforehand. */
public final class RunIdentity {

  /**
   * Attribute of a task that was asked for as an agent: the role or the name that was asked for.
   * Its first run is there for its caller from then on.
   */
  public static final String SPAWNED_AS = "spawned_as";

  /** Hexadecimal digits of the hash that come before those that a UUID says its version with. */
  private static final int BEGINNING = 12;

  private static final Pattern RUN =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

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

  /**
   * The first run of a task, as {@link #of} makes it, as an SQL expression.
   *
   * @param taskId SQL expression for the id of the task
   */
  public static String firstInSql(String taskId) {
    return """
    (SELECT left(md5, 8) || '-' || substr(md5, 9, 4) || '-3' || substr(md5, 14, 3) || '-'
            || to_hex(8 + (('x' || substr(md5, 17, 1))::bit(4)::int & 3)) || substr(md5, 18, 3)
            || '-' || right(md5, 12)
       FROM %s md5)\
    """
        .formatted(hashInSql(taskId));
  }

  /**
   * How the hash begins from which a task's first run has its id, as an SQL expression: the part
   * that {@link #beginningOf} reads off the id. The index {@code ai_tasks_first_run} is on it.
   *
   * @param taskId SQL expression for the id of the task
   */
  public static String beginningInSql(String taskId) {
    return "left(%s, %d)".formatted(hashInSql(taskId), BEGINNING);
  }

  private static String hashInSql(String taskId) {
    return "md5('run' || chr(10) || %s || chr(10) || '1')".formatted(taskId);
  }

  /** How the hash begins from which a run has its id; nothing if it is no id of a run. */
  public static Optional<String> beginningOf(String runId) {
    return RUN.matcher(runId).matches()
        ? Optional.of(runId.replace("-", "").substring(0, BEGINNING))
        : Optional.empty();
  }
}
