package dev.millrace.worker;

import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.repository.Repositories;
import dev.millrace.runtime.share.EffectGuard;
import dev.millrace.runtime.share.ShareWorker;
import dev.millrace.runtime.usage.UsageEvents;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.Effect;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.result.PullRequests;
import dev.millrace.worker.result.ResultCommitter;
import dev.millrace.worker.result.Reviews;
import dev.millrace.worker.run.ActiveRuns;
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

    KafkaClients kafka = context.kafka();
    context.provision(topics(config));
    EventPublisher publisher = context.add(new EventPublisher(kafka, DELIVERY_TIMEOUT));
    DeadLetters deadLetters = new DeadLetters(name(), publisher);
    UsageEvents usage = UsageEvents.writtenBy(name(), prices, publisher);
    UsageEvents media = UsageEvents.writtenBy(MEDIA, prices, publisher);
    Agents all = new Agents(context, config, repositories, usage, media);
    Map<String, Agent> agents = all.byName();
    Agent producer = all.producer();

    Duration kept = assignmentsKept(config);
    ActiveRuns activeRuns = new ActiveRuns(kept, Clock.systemUTC());
    context.add(new KillListener(kafka, deadLetters, activeRuns, kept));
    Surroundings surroundings =
        new Surroundings(name(), config.name(), publisher::publish, prices, Clock.systemUTC());
    ResultCommitter committer =
        new ResultCommitter(repositories, config.author(), config.workflowsAllowed());
    PullRequests pullRequests = new PullRequests(repositories, config.author());
    Reviews reviews = new Reviews(repositories);
    RunMetrics metrics = new RunMetrics(context.meters());

    agents.forEach((agent, implementation) -> {
      log.atInfo()
          .addKeyValue("agent", agent)
          .addKeyValue("provider", implementation.provider().code())
          .log("answers for an agent");
      RunWork work =
          new RunWork(implementation, producer, committer, pullRequests, reviews, repositories);
      ShareWorker<AgentAssignment> worker =
          context.add(
              new ShareWorker<>(
                  kafka,
                  config.share(agent),
                  Topics.agentAssignments(agent),
                  deadLetters,
                  EffectGuard.of(
                      Effect.MODEL_CALLS,
                      new RunExecutor(work, config.limits(), activeRuns, metrics, surroundings))));
      context.readiness().add("agent-" + agent, worker::check);
    });
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
