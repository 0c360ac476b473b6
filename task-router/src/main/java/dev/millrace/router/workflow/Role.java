package dev.millrace.router.workflow;

import dev.millrace.runtime.routing.WorkflowTasks;
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
  AUDITOR,
  /** Writes the script of a video. */
  WRITER,
  /** Makes shots of a script. */
  DIRECTOR,
  /** Has the images and clips of the shots made; this needs no language model. */
  PRODUCER;

  /** Its name in tasks and events: {@code starter}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Type of the tasks that it gets. */
  public String taskType() {
    return switch (this) {
      case REVIEWER, AUDITOR -> "review";
      case STARTER, CODING, MERGER, DEPLOYER, VERIFIER -> "code";
      case WRITER, DIRECTOR, PRODUCER -> WorkflowTasks.VIDEO;
    };
  }

  /** Type of the tasks whose agent has the role, where nobody says which agent has. */
  String usualWork() {
    return taskType().equals(WorkflowTasks.VIDEO) ? "documentation" : taskType();
  }

  /** The role of this name, if there is one. */
  public static Optional<Role> find(String code) {
    return Arrays.stream(values()).filter(role -> role.code().equals(code)).findFirst();
  }
}
