package dev.millrace.worker.run;

import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.writer.AnswerSchema;
import dev.millrace.runtime.writer.AnswerSchema.Checked;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.schemas.event.Effect;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.answer.AnswerSchemas;
import dev.millrace.worker.media.MediaAgent;
import dev.millrace.worker.result.PullRequests;
import dev.millrace.worker.result.RepositoryFailures;
import dev.millrace.worker.result.ResultCommitter;
import dev.millrace.worker.result.ResultJson;
import dev.millrace.worker.result.Reviews;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done in a run: the agent's work, the check of its answer, then the commit of what it
 * wrote and the pull request for it, or the review that it comes to. A run that merges needs no
 * agent; one that produces media is the producer's, whichever agent's queue it waited in.
 */
public final class RunWork {

  private static final Logger log = LoggerFactory.getLogger(RunWork.class);

  private static final String ANSWER = "answer";

  private final Agent agent;
  private final Agent producer;
  private final ResultCommitter committer;
  private final PullRequests pullRequests;
  private final Reviews reviews;
  private final Repositories repositories;

  public RunWork(
      Agent agent,
      Agent producer,
      ResultCommitter committer,
      PullRequests pullRequests,
      Reviews reviews,
      Repositories repositories) {
    this.agent = agent;
    this.producer = producer;
    this.committer = committer;
    this.pullRequests = pullRequests;
    this.reviews = reviews;
    this.repositories = repositories;
  }

  Agent agent() {
    return agent;
  }

  private Agent doer(AgentRun run) {
    return run.role().filter(MediaAgent.ROLE::equals).isPresent() ? producer : agent;
  }

  /** Does it; a failure of any kind is an end like another. */
  RunEnd execute(AgentRun run, RunReport report) throws InterruptedException {
    try {
      if (pullRequests.merges(run)) {
        return merge(run, report);
      }
      Optional<AnswerSchema> schema = AnswerSchemas.of(run);
      return switch (read(run, report)) {
        case Completed completed -> checked(run, completed, schema, report);
        case Failed failed -> RunEnd.failed(failed);
      };
    } catch (AnswerSchema.InvalidSchemaException e) {
      return RunEnd.failed(
          AgentFailure.permanent(
              "answer_schema_invalid",
              "the task's %s is no JSON Schema: %s"
                  .formatted(AnswerSchema.TASK_ATTRIBUTE, e.getMessage())));
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the agent worked");
      }
      log.atError()
          .addKeyValue("run", run.id())
          .addKeyValue("agent", run.agent())
          .setCause(e)
          .log("the agent broke");
      return RunEnd.failed(
          AgentFailure.temporary(
              "internal_error",
              "the agent broke (%s); the worker's log has the details of run %s"
                  .formatted(Causes.rootMessage(e), run.id())));
    }
  }

  private AgentResult read(AgentRun run, RunReport report) throws InterruptedException {
    try {
      return doer(run).run(run, report);
    } catch (RepositoryException e) {
      return new Failed(failure(run, "read", e));
    }
  }

  private RunEnd merge(AgentRun run, RunReport report) {
    if (!report.allows(Effect.COMMITS)) {
      return RunEnd.failed(
          AgentFailure.permanent("not_merged", "the assignment was replayed without commits"));
    }
    report.log("merges; no model is asked");
    try {
      String merged = pullRequests.merge(run);
      Completed done = new Completed("merged", List.of(), null);
      return RunEnd.completed(
          ResultJson.of(agent.provider(), done, Optional.empty(), Map.of("merged", merged)),
          null,
          null);
    } catch (RepositoryException e) {
      return RunEnd.failed(failure(run, "merge", e));
    }
  }

  /** An answer that must be JSON is checked before anything is done with it. */
  private RunEnd checked(
      AgentRun run, Completed completed, Optional<AnswerSchema> schema, RunReport report) {
    Map<String, String> extras = new TreeMap<>();
    if (schema.isPresent()) {
      switch (schema.get().check(completed.text())) {
        case Checked.Fits fits -> extras.put(ANSWER, fits.json());
        case Checked.DoesNotFit bad -> {
          return RunEnd.failed(
              AgentFailure.permanent(
                  "answer_invalid", "the answer does not fit its JSON Schema: " + bad.problem()));
        }
      }
    }
    return commit(run, completed, extras, report);
  }

  private RunEnd commit(
      AgentRun run, Completed completed, Map<String, String> extras, RunReport report) {
    Provider provider = doer(run).provider();
    Optional<Commit> commit = Optional.empty();
    if (report.allows(Effect.COMMITS)) {
      try {
        commit = committer.commit(run, provider, completed.files());
        commit.ifPresent(report::committed);
        commit
            .flatMap(made -> pullRequests.open(run, made))
            .ifPresent(opened -> extras.put("pull_request", opened));
      } catch (RepositoryException e) {
        return RunEnd.failed(failure(run, "commit", e));
      }
      try {
        review(run, extras, report);
      } catch (RepositoryException e) {
        return RunEnd.failed(failure(run, "review", e));
      }
    } else {
      report.log("nothing is committed: the assignment was replayed without commits");
    }
    Integer exitCode = provider == Provider.PROCESS ? 0 : null;
    return RunEnd.completed(
        ResultJson.of(provider, completed, commit, extras), completed.model(), exitCode);
  }

  /** Puts the verdict of a reviewer on its pull request, if there is one. */
  private void review(AgentRun run, Map<String, String> extras, RunReport report) {
    Optional.ofNullable(extras.get(ANSWER))
        .flatMap(answer -> reviews.post(run, agent.provider(), answer))
        .ifPresent(told -> {
          report.log("review of the pull request: " + told);
          extras.put("review", told);
        });
  }

  private AgentFailure failure(AgentRun run, String action, RepositoryException e) {
    String repository = run.place().repository();
    boolean local = repository != null && repositories.local().contains(repository);
    return RepositoryFailures.of(action, local, e);
  }
}
