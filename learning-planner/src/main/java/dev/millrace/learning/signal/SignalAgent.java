package dev.millrace.learning.signal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The agents that say something about a learner, in the order in which plans listen to them. */
public enum SignalAgent {
  CLO,
  ALEX,
  TA,
  SOCRATIC;

  /** Its name in events and addresses, for example {@code clo}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The agent of this name. */
  public static Optional<SignalAgent> find(String wireName) {
    return Arrays.stream(values()).filter(agent -> agent.wireName().equals(wireName)).findFirst();
  }

  /** The names of all agents, separated by commas. */
  public static String names() {
    return Arrays.stream(values()).map(SignalAgent::wireName).collect(Collectors.joining(", "));
  }
}
