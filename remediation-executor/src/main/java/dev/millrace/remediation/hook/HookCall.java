package dev.millrace.remediation.hook;

import java.util.Map;

/**
 * What a hook is called for.
 *
 * @param commandId identity of the command, the same however often it is tried
 * @param project project it is for
 * @param action what is to be done
 * @param parameters parameters of the command
 */
public record HookCall(
    String commandId, String project, String action, Map<String, String> parameters) {

  public HookCall {
    parameters = Map.copyOf(parameters);
  }
}
