package dev.millrace.runtime.queue;

/**
 * The last line of a commit that was made, or a review that was written, for a task. Only the last
 * line counts: text above it may come from a model, which could name the task of another.
 */
public final class TaskTrailer {

  /** How many commits of a branch are searched for it, newest first. */
  public static final int HISTORY = 200;

  private static final String KEY = "Millrace-Task: ";

  /** Longest id of a task, in characters, for which a commit or a review can be made. */
  public static final int MAX_ID_LENGTH = 200;

  private TaskTrailer() {}

  /**
   * Whether a commit or a review can be made for a task of this id: 1 to {@value #MAX_ID_LENGTH}
   * characters, none of them a control character.
   */
  public static boolean isId(String taskId) {
    return !taskId.isBlank()
        && taskId.length() <= MAX_ID_LENGTH
        && taskId.chars().noneMatch(Character::isISOControl);
  }

  /**
   * Requires that a commit or a review can be made for a task of this id.
   *
   * @throws IllegalArgumentException if not
   */
  public static void checkId(String taskId) {
    if (!isId(taskId)) {
      throw new IllegalArgumentException(
          "a task id has 1 to " + MAX_ID_LENGTH + " characters and no control characters");
    }
  }

  /** The message with the trailer below it. */
  public static String append(String message, String taskId) {
    return message.strip() + "\n\n" + KEY + taskId + "\n";
  }

  /** Whether a commit with this message, or a review with this text, was made for the task. */
  public static boolean isIn(String message, String taskId) {
    return lastLine(message).equals(KEY + taskId.stripTrailing());
  }

  /** Whether a text was written for some task, so that it is Millrace's own. */
  public static boolean isIn(String message) {
    return lastLine(message).startsWith(KEY);
  }

  private static String lastLine(String message) {
    String text = message.stripTrailing();
    return text.substring(text.lastIndexOf('\n') + 1);
  }
}
