package dev.millrace.health;

import dev.millrace.health.flow.AgentProcessor;
import dev.millrace.health.flow.ProjectAgent;
import dev.millrace.health.metric.MetricWatch;
import dev.millrace.health.metric.MetricsAnalyzer;
import dev.millrace.health.remedy.Analyzer;
import dev.millrace.health.remedy.AutoFixer;
import dev.millrace.health.remedy.Casebook;
import dev.millrace.health.status.HealthMonitor;
import dev.millrace.health.status.ProjectHealth;
import dev.millrace.runtime.streams.JsonSerde;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The agents as a topology. They know of each other only what stands on the topics, so anybody else
 * may raise an anomaly or report an outcome.
 *
 * <pre>
 * health.probes  -&gt; health-monitor ---+-&gt; health.statuses
 *                                      +-&gt; health.anomalies
 * health.metrics -&gt; metrics-analyzer --&gt; health.anomalies
 *
 * health.anomalies ------+               +-&gt; remediation.analyses
 * remediation.outcomes --+-&gt; auto-fixer -+-&gt; remediation.commands
 * remediation.approvals -+               +-&gt; remediation.escalations
 * </pre>
 */
public final class HealthTopology {

  static final String MONITOR = "health-monitor";
  static final String ANALYZER = "metrics-analyzer";
  static final String FIXER = "auto-fixer";

  private static final Duration TICK = Duration.ofSeconds(1);

  /** What the agents read. */
  static final List<Topic<? extends SpecificRecord>> INPUTS =
      List.of(
          Topics.HEALTH_PROBES,
          Topics.HEALTH_METRICS,
          Topics.HEALTH_ANOMALIES,
          Topics.REMEDIATION_OUTCOMES,
          Topics.REMEDIATION_APPROVALS);

  /** What the agents write, besides anomalies. */
  static final List<Topic<? extends SpecificRecord>> OUTPUTS =
      List.of(
          Topics.HEALTH_STATUSES,
          Topics.REMEDIATION_ANALYSES,
          Topics.REMEDIATION_COMMANDS,
          Topics.REMEDIATION_ESCALATIONS);

  private HealthTopology() {}

  /** Gives the serde for the values of a topic. */
  @FunctionalInterface
  public interface TopicSerdes {
    <T extends SpecificRecord> Serde<T> serde(Topic<T> topic);
  }

  /** The topology for this configuration. */
  public static Topology build(
      String app, HealthConfig config, Analyzer analyzer, TopicSerdes serdes) {
    Topology topology = new Topology();
    INPUTS.forEach(topic ->
        topology.addSource(
            topic.name(),
            Serdes.String().deserializer(),
            serdes.serde(topic).deserializer(),
            topic.name()));
    Wiring wiring = new Wiring(topology, app, serdes);
    wiring.add(
        MONITOR,
        new HealthMonitor(config.health()),
        ProjectHealth.class,
        List.of(Topics.HEALTH_PROBES),
        List.of(Topics.HEALTH_STATUSES, Topics.HEALTH_ANOMALIES));
    wiring.add(
        ANALYZER,
        new MetricsAnalyzer(config.metrics()),
        MetricWatch.class,
        List.of(Topics.HEALTH_METRICS),
        List.of(Topics.HEALTH_ANOMALIES));
    wiring.add(
        FIXER,
        new AutoFixer(app, config.remedies(), analyzer),
        Casebook.class,
        List.of(Topics.HEALTH_ANOMALIES, Topics.REMEDIATION_OUTCOMES, Topics.REMEDIATION_APPROVALS),
        List.of(
            Topics.REMEDIATION_ANALYSES,
            Topics.REMEDIATION_COMMANDS,
            Topics.REMEDIATION_ESCALATIONS));
    return topology;
  }

  /** Every topic that is read or written. */
  static List<Topic<? extends SpecificRecord>> topics() {
    return Stream.concat(INPUTS.stream(), OUTPUTS.stream()).toList();
  }

  private record Wiring(Topology topology, String app, TopicSerdes serdes) {

    <S> void add(
        String name,
        ProjectAgent<S> agent,
        Class<S> stateType,
        List<Topic<? extends SpecificRecord>> sources,
        List<Topic<? extends SpecificRecord>> sinks) {
      String store = name + "-projects";
      topology.addProcessor(
          name,
          () -> new AgentProcessor<>(app, name, agent, store, TICK),
          sources.stream().map(Topic::name).toArray(String[]::new));
      topology.addStateStore(
          Stores.keyValueStoreBuilder(
              Stores.persistentKeyValueStore(store), Serdes.String(), new JsonSerde<>(stateType)),
          name);
      sinks.forEach(topic ->
          topology.addSink(
              AgentProcessor.sink(name, topic.name()),
              topic.name(),
              Serdes.String().serializer(),
              serdes.serde(topic).serializer(),
              name));
    }
  }
}
