package dev.millrace.router.queue;

import java.time.Instant;

/**
 * Something to look at when its time has come. What is done then is decided by the state of the
 * subject: a timer that came too late or twice does nothing.
 *
 * @param subject the task, or for {@link Kind#COMMAND} the command
 */
public record Timer(Instant due, Kind kind, String subject) {

  /** What is looked at. */
  public enum Kind {
    /** A delayed task may be tried again. */
    RETRY,
    /** A task's deadline. */
    DEADLINE,
    /** A finished task is forgotten. */
    FORGET,
    /** A command is forgotten. */
    COMMAND,
    /** A task has waited long enough for an approval. */
    APPROVAL
  }
}
