package dev.millrace.worker;

import dev.millrace.knowledge.embedding.EmbeddingModels;
import dev.millrace.knowledge.search.KnowledgeSearch;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.provider.AnthropicSettings;
import dev.millrace.runtime.provider.OpenAiSettings;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.usage.ModelCall;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.anthropic.AnthropicModel;
import dev.millrace.worker.budget.Budget;
import dev.millrace.worker.budget.BudgetedAgent;
import dev.millrace.worker.budget.Ledger;
import dev.millrace.worker.budget.PostgresLedger;
import dev.millrace.worker.budget.RetryingLedger;
import dev.millrace.worker.budget.Spending;
import dev.millrace.worker.chat.ChatModel;
import dev.millrace.worker.chat.ModelAgent;
import dev.millrace.worker.chat.SiteTools;
import dev.millrace.worker.inhouse.InhouseAgent;
import dev.millrace.worker.inhouse.InhouseConfig;
import dev.millrace.worker.journal.JournaledAgent;
import dev.millrace.worker.journal.PostgresGenerations;
import dev.millrace.worker.journal.PostgresRunJournal;
import dev.millrace.worker.journal.RunJournal;
import dev.millrace.worker.media.Generations;
import dev.millrace.worker.media.MediaAgent;
import dev.millrace.worker.media.MediaConfig;
import dev.millrace.worker.offline.OfflineAgent;
import dev.millrace.worker.openai.OpenAiModel;
import dev.millrace.worker.process.OrphanCleaner;
import dev.millrace.worker.process.ProcessAgent;
import dev.millrace.worker.process.ProcessConfig;
import dev.millrace.worker.prompt.Briefings;
import dev.millrace.worker.prompt.Prompts;
import dev.millrace.worker.source.ReviewedChanges;
import dev.millrace.worker.source.SourceFiles;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Makes the agents that the configuration asks for, one for each provider in use. An agent whose
 * provider has no key or address is answered for offline.
 */
final class Agents {

  private static final String PROVIDERS = "AGENT_PROVIDERS";
  private static final Duration JOURNAL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);

  private final AppContext context;
  private final WorkerConfig config;
  private final Repositories repositories;
  private final SourceFiles sources;
  private final ReviewedChanges changes;
  private final ModelCall.Listener calls;
  private final ModelCall.Listener mediaCalls;
  private final Map<Provider, Agent> byProvider = new EnumMap<>(Provider.class);
  private @Nullable RunJournal journal;
  private @Nullable SiteTools tools;

  /**
   * @param calls hears of calls of embedding models, for what agents search
   * @param mediaCalls hears of images and clips that are generated
   */
  Agents(
      AppContext context,
      WorkerConfig config,
      Repositories repositories,
      ModelCall.Listener calls,
      ModelCall.Listener mediaCalls) {
    this.context = context;
    this.config = config;
    this.repositories = repositories;
    this.sources = new SourceFiles(repositories);
    this.changes = new ReviewedChanges(repositories);
    this.calls = calls;
    this.mediaCalls = mediaCalls;
  }

  /** The agent of each name, in the order of the names. */
  Map<String, Agent> byName() {
    Map<String, Agent> agents = new LinkedHashMap<>();
    providers(context.environment(), config.agents())
        .forEach((name, provider) ->
            agents.put(name, byProvider.computeIfAbsent(provider, this::agent)));
    return agents;
  }

  /** Who makes the images and clips of videos. */
  Agent producer() {
    return byProvider.computeIfAbsent(Provider.MEDIA, this::agent);
  }

  /** Who answers for each agent: as {@code AGENT_PROVIDERS} says, else who has a key. */
  static Map<String, Provider> providers(Environment environment, Set<String> agents) {
    Map<String, String> asked = environment.pairs(PROVIDERS, Map.of());
    Map<String, Provider> providers = new LinkedHashMap<>();
    for (String agent : agents) {
      String code = asked.get(agent);
      providers.put(
          agent, code == null ? defaultProvider(environment, agent) : provider(agent, code));
    }
    return providers;
  }

  private static Provider provider(String agent, String code) {
    return Provider.find(code)
        .orElseThrow(() ->
            new ConfigurationException(
                PROVIDERS,
                "expected anthropic, openai, http, process, media or offline for %s, found '%s'"
                    .formatted(agent, code)));
  }

  private static Provider defaultProvider(Environment environment, String agent) {
    Provider usual =
        switch (agent) {
          case "claude" -> Provider.ANTHROPIC;
          case "chatgpt" -> Provider.OPENAI;
          case "javari" -> Provider.HTTP;
          default -> Provider.OFFLINE;
        };
    boolean configured =
        switch (usual) {
          case ANTHROPIC -> AnthropicSettings.hasKey(environment);
          case OPENAI -> OpenAiSettings.hasKey(environment);
          case HTTP -> InhouseConfig.from(environment).isPresent();
          case PROCESS -> ProcessConfig.from(environment).isPresent();
          case MEDIA, OFFLINE -> true;
        };
    return configured ? usual : Provider.OFFLINE;
  }

  /** A worker that missed three heartbeats of a run counts as dead. */
  private Duration lease() {
    Duration lease = config.limits().heartbeatInterval().multipliedBy(3);
    return lease.compareTo(SHORTEST_LEASE) < 0 ? SHORTEST_LEASE : lease;
  }

  /** The agent; one whose work cannot be repeated for nothing gets a budget and a journal. */
  private Agent agent(Provider provider) {
    Agent agent = unjournaled(provider);
    if (agent instanceof AutoCloseable client) {
      context.add(Component.closing(client));
    }
    if (agent.repeatable()) {
      return agent;
    }
    if (journal == null) {
      journal = new PostgresRunJournal(context.database(), lease());
    }
    Agent budgeted =
        new BudgetedAgent(
            agent,
            Budget.from(context.environment()),
            ledger(),
            PriceTable.from(context.environment()));
    return new JournaledAgent(budgeted, journal, JOURNAL_TIMEOUT);
  }

  private Ledger ledger() {
    return new RetryingLedger(new PostgresLedger(context.database().jdbi()), JOURNAL_TIMEOUT);
  }

  private Agent unjournaled(Provider provider) {
    Environment environment = context.environment();
    Duration timeout = config.limits().timeout();
    return switch (provider) {
      case ANTHROPIC -> model(AnthropicModel.from(environment, timeout));
      case OPENAI -> model(OpenAiModel.from(environment, timeout));
      case HTTP ->
          new InhouseAgent(
              required(InhouseConfig.from(environment), "JAVARI_AGENT_URL", provider),
              config.targets(),
              changes,
              timeout);
      case PROCESS -> processAgent();
      case MEDIA -> mediaAgent();
      case OFFLINE -> new OfflineAgent(sources, config.targets());
    };
  }

  /** What is bought is on record, and counts for the budgets; without keys nothing is. */
  private Agent mediaAgent() {
    MediaConfig media = MediaConfig.from(context.environment(), config.limits().timeout());
    if (media.isOffline()) {
      return new MediaAgent(media, Generations.NONE, (run, what, units) -> {});
    }
    Jdbi jdbi = context.database().jdbi();
    Ledger ledger = ledger();
    PriceTable prices = PriceTable.from(context.environment());
    return new MediaAgent(
        media,
        new PostgresGenerations(jdbi),
        (run, what, units) -> {
          mediaCalls.called(new ModelCall(what.purpose(), what.provider(), what.model(), 0, units));
          long cost =
              prices.of(what.model()).map(price -> price.microdollars(0, units, 0, 0)).orElse(0L);
          ledger.add(run.taskId(), run.id(), new Spending(cost, 0));
        });
  }

  private Agent processAgent() {
    ProcessConfig process =
        required(ProcessConfig.from(context.environment()), "AGENT_COMMAND", Provider.PROCESS);
    context.add(new OrphanCleaner(process));
    return new ProcessAgent(process, repositories, new Prompts());
  }

  private Agent model(ChatModel model) {
    return new ModelAgent(
        model,
        new Briefings(new Prompts(), sources, changes, config.targets()),
        sources,
        tools(),
        config.workflowsAllowed());
  }

  /** The tools of the site, which all models share. Nothing is loaded before the first search. */
  private SiteTools tools() {
    if (tools == null) {
      Environment environment = context.environment();
      KnowledgeSearch search =
          new KnowledgeSearch(context.database(), EmbeddingModels.from(environment, calls));
      tools =
          SiteTools.from(
              environment.list(SiteTools.VARIABLE, SiteTools.ALL),
              search::search,
              RoutingTable.from(environment));
    }
    return tools;
  }

  private static <C> C required(Optional<C> config, String variable, Provider provider) {
    return config.orElseThrow(() ->
        new ConfigurationException(
            variable, "is not set, and " + PROVIDERS + " asks for " + provider.code()));
  }
}
