package dev.millrace.worker.run;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.repository.Repositories;
import dev.millrace.runtime.repository.RepositoryException;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.schemas.event.Effect;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.result.RepositoryFailures;
import dev.millrace.worker.result.ResultCommitter;
import dev.millrace.worker.result.ResultJson;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done in a run: the agent's work, then the commit of what it wrote. */
public final class RunWork {

  private static final Logger log = LoggerFactory.getLogger(RunWork.class);

  private final Agent agent;
  private final ResultCommitter committer;
  private final Repositories repositories;

  public RunWork(Agent agent, ResultCommitter committer, Repositories repositories) {
    this.agent = agent;
    this.committer = committer;
    this.repositories = repositories;
  }

  Agent agent() {
    return agent;
  }

  /** Does it; a failure of any kind is an end like another. */
  RunEnd execute(AgentRun run, RunReport report) throws InterruptedException {
    try {
      return switch (read(run, report)) {
        case Completed completed -> commit(run, completed, report);
        case Failed failed -> RunEnd.failed(failed);
      };
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
      return agent.run(run, report);
    } catch (RepositoryException e) {
      return new Failed(failure(run, "read", e));
    }
  }

  private RunEnd commit(AgentRun run, Completed completed, RunReport report) {
    Optional<Commit> commit = Optional.empty();
    Integer exitCode = agent.provider() == Provider.PROCESS ? 0 : null;
    if (!report.allows(Effect.COMMITS)) {
      report.log("nothing is committed: the assignment was replayed without commits");
      return RunEnd.completed(
          ResultJson.of(agent.provider(), completed, commit), completed.model(), exitCode);
    }
    try {
      commit = committer.commit(run, agent.provider(), completed.files());
    } catch (RepositoryException e) {
      return RunEnd.failed(failure(run, "commit", e));
    }
    commit.ifPresent(report::committed);
    return RunEnd.completed(
        ResultJson.of(agent.provider(), completed, commit), completed.model(), exitCode);
  }

  private AgentFailure failure(AgentRun run, String action, RepositoryException e) {
    String repository = run.place().repository();
    boolean local = repository != null && repositories.local().contains(repository);
    return RepositoryFailures.of(action, local, e);
  }
}
