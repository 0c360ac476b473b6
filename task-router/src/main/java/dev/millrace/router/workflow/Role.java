package dev.millrace.router.workflow;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who works on a flow: an agent in a role. */
public enum Role {
  STARTER,
  CODING,
  REVIEWER,
  /** Merges; this needs no model. */
  MERGER,
  DEPLOYER,
  VERIFIER,
  AUDITOR;

  /** Its name in tasks and events: {@code starter}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Type of the tasks that it gets. */
  public String taskType() {
    return switch (this) {
      case REVIEWER, AUDITOR -> "review";
      case STARTER, CODING, MERGER, DEPLOYER, VERIFIER -> "code";
    };
  }

  /** The role of this name, if there is one. */
  public static Optional<Role> find(String code) {
    return Arrays.stream(values()).filter(role -> role.code().equals(code)).findFirst();
  }
}
