package dev.millrace.worker.process;

import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.Repository;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.prompt.Prompt;
import dev.millrace.worker.prompt.Prompts;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.ReviewedChanges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An agent that is a command, such as Claude Code, on this machine or in a container: it works in a
 * clone of the task's repository, and what it changed there becomes the commit of the run. It never
 * gets the means to push.
 */
public final class ProcessAgent implements Agent {

  /** How often the size of the workspace is looked at. */
  private static final Duration QUOTA_CHECK = Duration.ofMillis(500);

  /** Variable with the folder that has the further repositories. */
  private static final String REPOSITORIES = "MILLRACE_REPOSITORIES";

  private final ProcessConfig config;
  private final Repositories repositories;
  private final ReviewedChanges reviewed;
  private final Prompts prompts;

  public ProcessAgent(ProcessConfig config, Repositories repositories, Prompts prompts) {
    this.config = config;
    this.repositories = repositories;
    this.reviewed = new ReviewedChanges(repositories);
    this.prompts = prompts;
  }

  @Override
  public Provider provider() {
    return Provider.PROCESS;
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    try (Workspace workspace = Workspace.of(config.workspaces(), run.id())) {
      clone(run, workspace, reporter);
      return run(run, workspace, reporter);
    } catch (IOException e) {
      return failed(
          "workspace_unavailable",
          "the workspace below %s could not be used: %s; WORKSPACES_DIR names the folder"
              .formatted(config.workspaces(), e.getMessage()),
          null);
    }
  }

  private void clone(AgentRun run, Workspace workspace, RunReporter reporter) throws IOException {
    String name = run.place().repository();
    if (name != null) {
      String commit =
          repositories.repository(name).cloneTo(workspace.repository(), run.place().branch());
      reporter.log("cloned %s at %s".formatted(name, commit));
    }
    for (String further : run.place().further()) {
      Repository repository = repositories.repository(further);
      Path clone = Files.createDirectories(workspace.further().resolve(further));
      reporter.log("cloned %s at %s".formatted(further, repository.cloneTo(clone, null)));
    }
  }

  private AgentResult run(AgentRun run, Workspace workspace, RunReporter reporter)
      throws IOException, InterruptedException {
    ChangedFiles changes = ChangedFiles.since(workspace.repository());
    Prompt prompt = prompts.prompt(run, Optional.empty(), List.of(), reviewed.of(run));
    CommandProcess process =
        CommandProcess.start(
            launch(run, workspace),
            workspace,
            config.killGrace(),
            prompt.system() + "\n\n" + prompt.user() + further(run) + "\n",
            reporter);
    boolean withinQuota;
    try (process) {
      reporter.launched(process.name());
      reporter.log("%s: %s".formatted(process.name(), config.command()));
      withinQuota = supervise(process, workspace);
    }
    if (!withinQuota) {
      return failed(
          "disk_quota_exceeded",
          "the run kept more than %d bytes on disk; AGENT_WORKSPACE_QUOTA limits it"
              .formatted(config.quotaBytes()),
          process.exitCode());
    }
    int exitCode = process.exitCode();
    reporter.log("exit code " + exitCode);
    if (exitCode == 0) {
      return completed(run, process, changes, reporter);
    }
    return config.container() != null && exitCode == ContainerConfig.NOT_STARTED
        ? failed(
            "container_unavailable",
            "the container was not started: %s; check AGENT_CONTAINER_RUNTIME and AGENT_CONTAINER_IMAGE"
                .formatted(process.lastComplaint()),
            exitCode)
        : failed(
            "command_failed",
            "the command ended with exit code %d: %s".formatted(exitCode, process.lastComplaint()),
            exitCode);
  }

  /** Tells the command of the further repositories that it may read. */
  private static String further(AgentRun run) {
    return run.place().further().isEmpty()
        ? ""
        : "\n\nThe folder in the variable %s has a clone of each of %s to read. What is changed there is not kept."
            .formatted(REPOSITORIES, String.join(", ", run.place().further()));
  }

  private Launch launch(AgentRun run, Workspace workspace) throws IOException {
    Map<String, String> variables = new HashMap<>(config.environment());
    variables.put("MILLRACE_RUN_ID", run.id().value());
    variables.put("MILLRACE_TASK_ID", run.taskId().value());
    variables.put("MILLRACE_TASK_TYPE", run.taskType());
    run.role().ifPresent(role -> variables.put("MILLRACE_ROLE", role));
    boolean readsFurther = !run.place().further().isEmpty();
    ContainerConfig container = config.container();
    if (container != null) {
      if (readsFurther) {
        variables.put(REPOSITORIES, ContainerLaunch.FURTHER);
      }
      return new ContainerLaunch(config, container, workspace, variables);
    }
    if (readsFurther) {
      variables.put(REPOSITORIES, workspace.further().toString());
    }
    variables.put("TMPDIR", workspace.tmp().toString());
    return new HostLaunch(config, Map.copyOf(variables));
  }

  /** Waits for the end of the command; false if it took too much of the disk. */
  private boolean supervise(CommandProcess process, Workspace workspace)
      throws IOException, InterruptedException {
    do {
      if (workspace.size() > config.quotaBytes()) {
        return false;
      }
    } while (!process.await(QUOTA_CHECK));
    return true;
  }

  private AgentResult completed(
      AgentRun run, CommandProcess process, ChangedFiles changes, RunReporter reporter)
      throws IOException {
    boolean commits =
        run.place().repository() != null
            && run.attribute(TargetPolicy.COMMIT).filter("false"::equals).isEmpty();
    List<AgentResult.ResultFile> files = commits ? changes.collect(reporter::log) : List.of();
    return new AgentResult.Completed(process.printed(), files, null);
  }

  private static AgentResult failed(String code, String message, @Nullable Integer exitCode) {
    return new AgentResult.Failed(AgentFailure.temporary(code, message), exitCode);
  }
}
