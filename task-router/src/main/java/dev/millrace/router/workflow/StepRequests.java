package dev.millrace.router.workflow;

import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a flow: one for each agent, and one for a bug. What others wrote, such as a plan, a
 * review or the text of a pull request, goes along as material, apart from what is to be done.
 */
public final class StepRequests {

  /** Attribute: the flow that a task belongs to. */
  static final String FLOW = "flow";

  /** Attribute: what others wrote about the task. */
  static final String MATERIAL = "material";

  /** Attribute: the flow whose bug a task is about. */
  static final String BUG_OF = "bug_of";

  /** Attributes that the worker looks at: where to commit, and what to do with pull requests. */
  private static final String COMMIT = "commit";

  private static final String WORK_BRANCH = "work_branch";
  private static final String BASE_BRANCH = "base_branch";
  private static final String OPEN_PULL_REQUEST = "open_pull_request";
  private static final String REVIEW_PULL_REQUEST = "review_pull_request";
  private static final String REVIEW_BRANCH = "review_branch";
  private static final String REVIEW_COMMIT = "review_commit";
  private static final String MERGE_PULL_REQUEST = "merge_pull_request";
  private static final String MERGE_BRANCH = "merge_branch";
  private static final String MERGE_COMMIT = "merge_commit";

  /** Material of one kind, in characters at most: it is kept in the queue and given to a model. */
  private static final int MAX_MATERIAL = 32_000;

  private final WorkflowRules rules;

  public StepRequests(WorkflowRules rules) {
    this.rules = rules;
  }

  /** The task of an agent. */
  public TaskRequest step(FlowEffect.Started started, Instant now) {
    Flow flow = started.flow();
    Role role = started.role();
    return base(flow, now)
        .setTaskId(started.step())
        .setTaskType(role.taskType())
        .setAgent(rules.agent(role))
        .setTitle("%s: %s".formatted(role.code(), title(flow)))
        .setDescription(description(flow, role))
        .setContext(context(flow, role))
        .setAttributes(attributes(flow, role))
        .setParentTaskId(flow.id())
        .build();
  }

  /** A flow that no task led to, as a task. */
  public TaskRequest record(Flow flow, Instant now) {
    return base(flow, now)
        .setTaskId(flow.id())
        .setTaskType(ownType())
        .setTitle(flow.work().title())
        .setDescription(wanted(flow))
        .setContext(place(flow, flow.work().base(), null))
        .setAttributes(Map.of(FLOW, flow.id()))
        .build();
  }

  /** A work item about what went wrong: it begins a flow, which asks a person first. */
  public TaskRequest bug(FlowEffect.BugFound bug, Instant now) {
    Flow flow = bug.flow();
    Map<String, String> attributes = new HashMap<>();
    attributes.put(BUG_OF, flow.id());
    attributes.put(MATERIAL, shorten(bug.reason()));
    return base(flow, now)
        .setTaskId(bugId(flow))
        .setTaskType(ownType())
        .setTitle("Bug: " + title(flow))
        .setDescription(
            "What was wanted did not come out right, as the material says. Find the cause and put it"
                + " right. What was wanted: "
                + wanted(flow))
        .setContext(place(flow, flow.work().base(), null))
        .setAttributes(attributes)
        .setParentTaskId(flow.id())
        .setPriority(Priority.HIGH)
        .build();
  }

  static String bugId(Flow flow) {
    return new EventId(flow.id()).derive("bug/" + flow.progress().steps()).value();
  }

  private String ownType() {
    return new TreeSet<>(rules.tasks().taskTypes()).first();
  }

  private static TaskRequest.Builder base(Flow flow, Instant now) {
    return TaskRequest.newBuilder()
        .setPriority(flow.work().priority())
        .setTenant(flow.work().tenant())
        .setRequestedBy(flow.work().requestedBy())
        .setRequestedAt(now);
  }

  private static String title(Flow flow) {
    String title = flow.work().title();
    return title == null || title.isBlank() ? flow.id() : title;
  }

  /** What is wanted, in the words of whoever asked, else in ours. */
  private static String wanted(Flow flow) {
    String description = flow.work().description();
    return description == null || description.isBlank() ? title(flow) + "." : description;
  }

  private static String description(Flow flow, Role role) {
    String wanted = wanted(flow);
    String change = change(flow);
    return switch (role) {
      case STARTER -> wanted;
      case CODING ->
          flow.progress().rounds() == 0
              ? wanted
              : "A review asked for changes, which the material lists. Make them. What was wanted: "
                  + wanted;
      case REVIEWER -> "Review %s. What was wanted: %s".formatted(change, wanted);
      case MERGER -> "Merge %s.".formatted(change);
      case DEPLOYER -> "Deploy %s. What was wanted: %s".formatted(change, wanted);
      case VERIFIER ->
          "Verify %s, which was deployed. What was wanted: %s".formatted(change, wanted);
      case AUDITOR -> "Audit the repository. What was wanted: " + wanted;
      case WRITER -> wanted;
      case DIRECTOR ->
          "Make a storyboard of the script, which is the material. What was wanted: " + wanted;
      case PRODUCER -> "Make the images and clips of the storyboard, which is the material.";
    };
  }

  private static String change(Flow flow) {
    Flow.Change change = flow.change();
    StringBuilder text = new StringBuilder();
    if (change.pullRequest() != null) {
      text.append("pull request ").append(change.pullRequest()).append(" of ");
    } else {
      text.append("the change of ");
    }
    text.append(flow.work().repository());
    if (change.branch() != null) {
      text.append(" from branch ").append(change.branch());
    }
    text.append(" into ")
        .append(flow.work().base() == null ? "the default branch" : flow.work().base());
    return change.sha() == null ? text.toString() : text + " (commit " + change.sha() + ")";
  }

  private static TaskContext context(Flow flow, Role role) {
    String base = flow.work().base();
    return switch (role) {
      case STARTER, DEPLOYER, VERIFIER, AUDITOR, MERGER, WRITER, DIRECTOR, PRODUCER ->
          place(flow, base, null);
      case CODING ->
          place(
              flow,
              flow.change().branch() == null ? base : flow.change().branch(),
              flow.work().filePath());
      case REVIEWER -> place(flow, flow.change().branch(), flow.work().filePath());
    };
  }

  private static TaskContext place(Flow flow, @Nullable String branch, @Nullable String filePath) {
    return TaskContext.newBuilder()
        .setRepository(flow.work().repository())
        .setRepositories(flow.work().repositories())
        .setBranch(branch)
        .setFilePath(filePath)
        .build();
  }

  private static Map<String, String> attributes(Flow flow, Role role) {
    Map<String, String> attributes =
        new HashMap<>(role == Role.CODING ? flow.work().attributes() : Map.of());
    attributes.remove(BUG_OF);
    attributes.put(WorkflowTasks.ROLE, role.code());
    attributes.put(FLOW, flow.id());
    String material = material(flow, role);
    if (!material.isEmpty()) {
      attributes.put(MATERIAL, material);
    }
    if (flow.work().base() != null) {
      attributes.put(BASE_BRANCH, flow.work().base());
    }
    switch (role) {
      case CODING -> {
        attributes.put(WORK_BRANCH, flow.workBranch());
        if (!flow.work().byPerson()) {
          attributes.put(OPEN_PULL_REQUEST, "true");
        }
      }
      case MERGER -> {
        attributes.put(COMMIT, "false");
        attributes.put(MERGE_BRANCH, flow.workBranch());
        if (flow.change().sha() != null) {
          attributes.put(MERGE_COMMIT, flow.change().sha());
        }
        if (flow.change().pullRequest() != null) {
          attributes.put(MERGE_PULL_REQUEST, flow.change().pullRequest().toString());
        }
      }
      case REVIEWER -> {
        attributes.put(COMMIT, "false");
        reviewed(flow.change(), attributes);
      }
      case STARTER, DEPLOYER, VERIFIER, AUDITOR, WRITER, DIRECTOR, PRODUCER ->
          attributes.put(COMMIT, "false");
    }
    return attributes;
  }

  private static void reviewed(Flow.Change change, Map<String, String> attributes) {
    if (change.pullRequest() != null) {
      attributes.put(REVIEW_PULL_REQUEST, change.pullRequest().toString());
    }
    if (change.branch() != null) {
      attributes.put(REVIEW_BRANCH, change.branch());
    }
    if (change.sha() != null) {
      attributes.put(REVIEW_COMMIT, change.sha());
    }
  }

  private static String material(Flow flow, Role role) {
    return switch (role) {
      case DIRECTOR -> orEmpty(flow.video().script());
      case PRODUCER -> orEmpty(flow.video().storyboard());
      case STARTER, CODING, REVIEWER, MERGER, DEPLOYER, VERIFIER, AUDITOR, WRITER ->
          development(flow, role);
    };
  }

  /** JSON is given whole: its schema says how long it may be. */
  private static String orEmpty(@Nullable String json) {
    return json == null ? "" : json;
  }

  private static String development(Flow flow, Role role) {
    StringBuilder material = new StringBuilder();
    add(material, "What others wrote about it", flow.work().material());
    if (role != Role.STARTER) {
      add(material, "The plan", flow.change().plan());
    }
    if (role == Role.CODING || role == Role.REVIEWER) {
      add(material, "The last review", flow.change().findings());
    }
    return material.toString().strip();
  }

  private static void add(StringBuilder material, String heading, @Nullable String text) {
    if (text != null && !text.isBlank()) {
      material.append(heading).append(":\n\n").append(shorten(text)).append("\n\n");
    }
  }

  private static String shorten(String text) {
    return Texts.shorten(text, MAX_MATERIAL, "\n… [cut]");
  }
}
