package dev.millrace.worker.prompt;

import dev.millrace.runtime.writer.Fence;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.answer.AnswerSchemas;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.ReviewedChange;
import dev.millrace.worker.source.ReviewedChanges;
import dev.millrace.worker.source.SourceFile;
import dev.millrace.worker.source.SourceFiles;
import java.util.List;
import java.util.Optional;

/**
 * Prepares what a model gets: the files and the change that a task is about, and the prompt with
 * them.
 */
public final class Briefings {

  private static final int MAX_FILES = 6;

  private final Prompts prompts;
  private final SourceFiles sources;
  private final ReviewedChanges changes;
  private final TargetPolicy targets;

  public Briefings(
      Prompts prompts, SourceFiles sources, ReviewedChanges changes, TargetPolicy targets) {
    this.prompts = prompts;
    this.sources = sources;
    this.changes = changes;
    this.targets = targets;
  }

  /** Reads the files and makes the prompt; the repository's failures pass through. */
  public Briefing brief(AgentRun run, RunReporter reporter) {
    Optional<String> target = targets.pathFor(run);
    List<SourceFile> files =
        run.taskType().equals("documentation")
            ? sources.documents(run, null, MAX_FILES, reporter)
            : sources.named(run).map(List::of).orElse(List.of());
    files.forEach(file -> reporter.log("gives the model " + file.path()));
    Optional<ReviewedChange> change = changes.of(run);
    change.ifPresent(reviewed -> reporter.log("gives the model the diff of " + reviewed.commit()));
    return new Briefing(
        prompts.prompt(run, target, files, change),
        target,
        targets.writes(run),
        AnswerSchemas.of(run));
  }

  /** What fences the text of others in all that the model of a run is told. */
  public Fence fence(AgentRun run) {
    return prompts.fence(run);
  }
}
