package dev.millrace.health;

import dev.millrace.health.analyst.Analysts;
import dev.millrace.health.probe.Prober;
import dev.millrace.health.project.ProjectRounds.Ownership;
import dev.millrace.health.scrape.Collector;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.runtime.streams.StreamsApp;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/** Watches projects, finds what is wrong with them, and decides what to do about it. */
public final class HealthAgentsApp implements App {

  private static final String NAME = "health-agents";

  /** A probe that is older than this when it is written says little. */
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Samples and probes come all the time, and what is wrong is wrong for seconds: fewer
   * transactions than where somebody waits for the answer.
   */
  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(50);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void wire(AppContext context) {
    HealthConfig config = HealthConfig.from(context.environment());
    KafkaClients kafka = context.kafka();
    List<Topic<?>> topics = new ArrayList<>(HealthTopology.topics());
    topics.add(Topics.DEAD_LETTERS);
    topics.add(Topics.MODEL_USAGES);
    context.provision(topics);
    StreamsApp streams =
        context.add(
            new StreamsApp(
                kafka,
                context.meters(),
                HealthTopology.build(NAME, config, kafka.serdes()::serde),
                Map.of(
                    StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                    kafka.config().streamsCommitIntervalOfAtLeast(COMMIT_INTERVAL).toMillis())));
    context.readiness().add("streams", streams::check);
    EventPublisher publisher = context.add(new EventPublisher(kafka, DELIVERY_TIMEOUT));
    config.analyst().ifPresent(analyst -> Analysts.add(context, analyst, publisher));
    watchProjects(context, config, publisher, byPartition(streams, publisher));
  }

  /** A project is looked at by the instance that judges it: the one that has its partition. */
  private static Ownership byPartition(StreamsApp streams, EventPublisher publisher) {
    return project -> {
      try {
        int partition = publisher.partitionOf(Topics.HEALTH_PROBES, project);
        return streams.partitionsOf(Topics.HEALTH_PROBES.name()).contains(partition);
      } catch (PublishException e) {
        // What would be seen now could not be written either; readiness says that Kafka is away.
        return false;
      }
    };
  }

  private static void watchProjects(
      AppContext context, HealthConfig config, EventPublisher publisher, Ownership ownership) {
    Prober prober =
        context.add(
            new Prober(
                NAME,
                config.probing(),
                ownership,
                (probe, event) ->
                    publisher.publishAndWait(
                        Topics.HEALTH_PROBES, probe.getProject(), probe, event)));
    context.readiness().add("prober", prober::check);
    Collector collector =
        context.add(
            new Collector(
                NAME,
                config.scraping(),
                ownership,
                (sample, event) ->
                    publisher.publishAndWait(
                        Topics.HEALTH_METRICS, sample.getProject(), sample, event),
                context.meters()));
    context.readiness().add("collector", collector::check);
  }
}
