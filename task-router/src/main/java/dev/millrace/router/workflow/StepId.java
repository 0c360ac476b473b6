package dev.millrace.router.workflow;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identity of the task of one agent in a flow: whoever reads it knows the flow and the role.
 *
 * @param number place among the flow's steps, from 1
 */
record StepId(String flow, int number, Role role) {

  private static final Pattern TEXT = Pattern.compile("(.+)\\.([1-9]\\d{0,4})-([a-z]+)");

  /** Its text: {@code FLOW.3-reviewer}. */
  String value() {
    return "%s.%d-%s".formatted(flow, number, role.code());
  }

  /** Reads what {@link #value} wrote; empty for the id of any other task. */
  static Optional<StepId> parse(String taskId) {
    if (taskId.indexOf('.') < 0) {
      return Optional.empty();
    }
    Matcher matcher = TEXT.matcher(taskId);
    return matcher.matches()
        ? Role.find(matcher.group(3))
            .map(role -> new StepId(matcher.group(1), Integer.parseInt(matcher.group(2)), role))
        : Optional.empty();
  }
}
