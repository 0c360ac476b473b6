package dev.millrace.worker.offline;

import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.SourceFile;
import dev.millrace.worker.source.SourceFiles;
import java.util.List;
import java.util.Optional;

/**
 * Answers without a model: it reads the files that the task is about and puts their headings and
 * first sentences together. The same files make the same answer. It says in its result and in each
 * log line that it is offline, and writes documents only: it never writes code.
 *
 * <p>With the attribute {@code noop=true}, or for the task type {@code noop}, it does nothing and
 * returns at once, which is what benchmarks of the pipeline run.
 */
public final class OfflineAgent implements Agent {

  /** Attribute, and task type, for a run that does nothing. */
  public static final String NOOP = "noop";

  private static final int MAX_FILES = 20;
  private static final AgentResult NOTHING =
      new AgentResult.Completed("offline: nothing was asked for", List.of(), null);

  private final SourceFiles sources;
  private final TargetPolicy targets;

  public OfflineAgent(SourceFiles sources, TargetPolicy targets) {
    this.sources = sources;
    this.targets = targets;
  }

  @Override
  public Provider provider() {
    return Provider.OFFLINE;
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) {
    if (run.taskType().equals(NOOP) || run.attribute(NOOP).filter("true"::equals).isPresent()) {
      return NOTHING;
    }
    RunReporter labelled = new OfflineReporter(reporter);
    Optional<String> undecided = run.role().flatMap(OfflineAnswers::undecided);
    if (undecided.isPresent()) {
      labelled.log("decides nothing: that takes a model or a person");
      return new AgentResult.Completed(undecided.get(), List.of(), null);
    }
    Optional<String> video = OfflineVideo.answer(run);
    if (video.isPresent()) {
      labelled.log("lays out the words of the request; nothing is invented");
      return new AgentResult.Completed(video.get(), List.of(), null);
    }
    if (!run.place().further().isEmpty()) {
      labelled.log("reads %s alone".formatted(run.place().repository()));
    }
    Optional<String> target = targets.pathFor(run).filter(path -> mayWrite(run, path));
    List<Extract> extracts =
        sources.documents(run, target.orElse(null), MAX_FILES, labelled).stream()
            .map(file -> extract(file, labelled))
            .toList();
    String document = OfflineDocument.of(run, extracts);
    List<ResultFile> files =
        target
            .map(path -> List.of(new ResultFile(path, content(run, path, document))))
            .orElse(List.of());
    labelled.log(
        files.isEmpty()
            ? "answers with an extract; no file is written"
            : "writes " + files.getFirst().path());
    String answer =
        run.role().filter("starter"::equals).isPresent() ? OfflineAnswers.plan(document) : document;
    return new AgentResult.Completed(answer, files, null);
  }

  /** It extracts text; a file of code is not its to write. */
  private static boolean mayWrite(AgentRun run, String path) {
    return !run.taskType().equals("code") && SourceFiles.isMarkdown(path);
  }

  private static Extract extract(SourceFile file, RunReporter reporter) {
    reporter.log("reads " + file.path());
    return Extract.of(file);
  }

  private String content(AgentRun run, String path, String document) {
    String existing = sources.file(run, path).map(SourceFile::text).orElse("");
    return OfflineDocument.within(existing, document);
  }
}
