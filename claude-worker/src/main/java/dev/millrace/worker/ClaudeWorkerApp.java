package dev.millrace.worker;

import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.share.EffectGuard;
import dev.millrace.runtime.share.ShareWorker;
import dev.millrace.runtime.usage.UsageEvents;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.Effect;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.result.PullRequests;
import dev.millrace.worker.result.ResultCommitter;
import dev.millrace.worker.result.Reviews;
import dev.millrace.worker.run.ActiveRuns;
import dev.millrace.worker.run.CommandCheck;
import dev.millrace.worker.run.KillListener;
import dev.millrace.worker.run.RunExecutor;
import dev.millrace.worker.run.RunExecutor.Surroundings;
import dev.millrace.worker.run.RunMetrics;
import dev.millrace.worker.run.RunWork;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the assignments of agents and runs them. */
public final class ClaudeWorkerApp implements App {

  private static final Logger log = LoggerFactory.getLogger(ClaudeWorkerApp.class);

  /** Component under which images and clips are on record. */
  private static final String MEDIA = "media";

  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "claude-worker";
  }

  @Override
  public void wire(AppContext context) {
    WorkerConfig config = WorkerConfig.from(context.environment());
    Repositories repositories = Repositories.from(context.environment());
    PriceTable prices = PriceTable.from(context.environment());

    context.provision(topics(config));
    EventPublisher publisher = context.add(new EventPublisher(context.kafka(), DELIVERY_TIMEOUT));
    DeadLetters deadLetters = new DeadLetters(name(), publisher);
    Agents all =
        new Agents(
            context,
            config,
            repositories,
            UsageEvents.writtenBy(name(), prices, publisher),
            UsageEvents.writtenBy(MEDIA, prices, publisher));
    Map<String, Agent> agents = all.byName();
    Function<Agent, RunWork> works = works(config, repositories, all.producer());

    ActiveRuns activeRuns = obeyCommands(context, config, deadLetters);
    RunMetrics metrics = new RunMetrics(context.meters());
    Surroundings surroundings =
        new Surroundings(name(), config.name(), publisher::publish, prices, Clock.systemUTC());
    agents.forEach((name, agent) -> {
      log.atInfo()
          .addKeyValue("agent", name)
          .addKeyValue("provider", agent.provider().code())
          .log("answers for an agent");
      RunExecutor executor =
          new RunExecutor(works.apply(agent), config.limits(), activeRuns, metrics, surroundings);
      takeAssignments(context, config, name, deadLetters, executor);
    });
  }

  /** What is done in a run of each agent. */
  private static Function<Agent, RunWork> works(
      WorkerConfig config, Repositories repositories, Agent producer) {
    ResultCommitter committer =
        new ResultCommitter(repositories, config.author(), config.workflowsAllowed());
    PullRequests pullRequests = new PullRequests(repositories, config.author());
    Reviews reviews = new Reviews(repositories);
    return agent -> new RunWork(agent, producer, committer, pullRequests, reviews, repositories);
  }

  /** Kills runs that are meant by a command, and gives up commands that nobody can obey. */
  private static ActiveRuns obeyCommands(
      AppContext context, WorkerConfig config, DeadLetters deadLetters) {
    Duration kept = assignmentsKept(config);
    ActiveRuns activeRuns = new ActiveRuns(kept, Clock.systemUTC());
    context.add(new KillListener(context.kafka(), activeRuns, kept));
    ShareWorker<AgentCommand> check =
        context.add(
            new ShareWorker<>(
                context.kafka(),
                config.commands(),
                Topics.AGENT_COMMANDS,
                deadLetters,
                new CommandCheck()));
    context.readiness().add("agent-commands", check::check);
    return activeRuns;
  }

  private static void takeAssignments(
      AppContext context,
      WorkerConfig config,
      String agent,
      DeadLetters deadLetters,
      RunExecutor executor) {
    ShareWorker<AgentAssignment> worker =
        context.add(
            new ShareWorker<>(
                context.kafka(),
                config.share(agent),
                Topics.agentAssignments(agent),
                deadLetters,
                EffectGuard.of(Effect.MODEL_CALLS, executor)));
    context.readiness().add("agent-" + agent, worker::check);
  }

  /** The broker drops old records by the segment: one may stay for twice the retention. */
  private static Duration assignmentsKept(WorkerConfig config) {
    return config.agents().stream()
        .map(agent -> Topics.agentAssignments(agent).retention().multipliedBy(2))
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private static List<Topic<?>> topics(WorkerConfig config) {
    List<Topic<?>> topics =
        new ArrayList<>(
            List.of(
                Topics.AGENT_EVENTS,
                Topics.AGENT_LOGS,
                Topics.AGENT_COMMANDS,
                Topics.DEAD_LETTERS,
                Topics.MODEL_USAGES,
                Topics.TASK_REQUESTS));
    config.agents().forEach(agent -> topics.add(Topics.agentAssignments(agent)));
    return topics;
  }
}
