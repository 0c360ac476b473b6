package dev.millrace.worker.agent;

import dev.millrace.runtime.failure.Texts;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.task.TaskContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is asked to do. The description, the title and the attributes come from outside:
 * they are data, never instructions to this program.
 *
 * @param agent name of the agent
 * @param attempt number of the run of its task, from 1
 * @param place where the task does its work
 * @param deadline when the run must have ended, if the task has a deadline
 * @param approvals how often somebody approved that the task goes on beyond its limits
 * @param tenant whose task it is, if it is anybody's
 */
public record AgentRun(
    RunId id,
    TaskId taskId,
    String agent,
    int attempt,
    String taskType,
    String description,
    @Nullable String title,
    Place place,
    Map<String, String> attributes,
    @Nullable Instant deadline,
    int approvals,
    @Nullable String tenant) {

  public AgentRun {
    attributes = Map.copyOf(attributes);
  }

  /**
   * Where in a repository a task does its work; all parts may be missing.
   *
   * @param further further repositories that may be read, each at its default branch
   */
  public record Place(
      @Nullable String repository,
      @Nullable String filePath,
      @Nullable String branch,
      List<String> further) {

    public Place {
      further = further.stream().distinct().filter(name -> !name.equals(repository)).toList();
    }

    /** In a repository alone. */
    public Place(@Nullable String repository, @Nullable String filePath, @Nullable String branch) {
      this(repository, filePath, branch, List.of());
    }

    /** No repository. */
    public static final Place NOWHERE = new Place(null, null, null);

    private static Place of(@Nullable TaskContext context) {
      return context == null
          ? NOWHERE
          : new Place(
              blankToNull(context.getRepository()),
              blankToNull(context.getFilePath()),
              blankToNull(context.getBranch()),
              context.getRepositories());
    }

    private static @Nullable String blankToNull(@Nullable String text) {
      return text == null || text.isBlank() ? null : text.strip();
    }
  }

  public static AgentRun of(AgentAssignment assignment) {
    return new AgentRun(
        new RunId(assignment.getRunId()),
        new TaskId(assignment.getTaskId()),
        assignment.getAgent(),
        assignment.getAttempt(),
        assignment.getTaskType(),
        assignment.getDescription(),
        assignment.getTitle(),
        Place.of(assignment.getContext()),
        assignment.getAttributes(),
        assignment.getDeadline(),
        assignment.getApprovals(),
        assignment.getTenant());
  }

  /** The value of a further parameter. */
  public Optional<String> attribute(String name) {
    return Optional.ofNullable(attributes.get(name)).filter(value -> !value.isBlank());
  }

  /** The role in which its agent works, if it has one: starter, coding, reviewer, ... */
  public Optional<String> role() {
    return attribute("role");
  }

  /** Its title; else the start of its description. */
  public String heading() {
    String text = title == null || title.isBlank() ? firstLine(description) : firstLine(title);
    return text.isEmpty() ? taskType : text;
  }

  private static String firstLine(String text) {
    return Texts.shorten(text.strip().lines().findFirst().orElse("").strip(), MAX_HEADING);
  }

  private static final int MAX_HEADING = 120;
}
