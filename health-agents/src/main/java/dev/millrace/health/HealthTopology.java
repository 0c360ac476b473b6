package dev.millrace.health;

import dev.millrace.health.flow.AgentProcessor;
import dev.millrace.health.flow.ProjectAgent;
import dev.millrace.health.metric.MetricWatch;
import dev.millrace.health.metric.MetricsAnalyzer;
import dev.millrace.health.remedy.AutoFixer;
import dev.millrace.health.remedy.Consultation;
import dev.millrace.health.remedy.RemediationState;
import dev.millrace.health.remedy.RuleAnalyzer;
import dev.millrace.health.remedy.Vitals;
import dev.millrace.health.status.HealthMonitor;
import dev.millrace.health.status.ProjectHealth;
import dev.millrace.runtime.streams.JsonSerde;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The agents as a topology. They act only on what stands on the topics, so anybody else may raise
 * an anomaly or report an outcome. For the model, the auto-fixer also looks up what the others know
 * of the project.
 *
 * <pre>
 * health.probes  -&gt; health-monitor ---+-&gt; health.statuses
 *                                      +-&gt; health.anomalies
 * health.metrics -&gt; metrics-analyzer --&gt; health.anomalies
 *
 * health.anomalies ------+               +-&gt; remediation.analysis-requests
 * remediation.diagnoses -+               +-&gt; remediation.analyses
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
          Topics.REMEDIATION_DIAGNOSES,
          Topics.REMEDIATION_OUTCOMES,
          Topics.REMEDIATION_APPROVALS);

  /** What the agents write, besides anomalies. */
  static final List<Topic<? extends SpecificRecord>> OUTPUTS =
      List.of(
          Topics.HEALTH_STATUSES,
          Topics.REMEDIATION_ANALYSIS_REQUESTS,
          Topics.REMEDIATION_ANALYSES,
          Topics.REMEDIATION_COMMANDS,
          Topics.REMEDIATION_ESCALATIONS);

  private HealthTopology() {}

  /** Gives the serde for the values of a topic. */
  @FunctionalInterface
  public interface TopicSerdes {
    <T extends SpecificRecord> Serde<T> serde(Topic<T> topic);
  }

  /**
   * The topology for this configuration. It is the same with and without a model, so that one can
   * be configured later.
   */
  public static Topology build(String app, HealthConfig config, TopicSerdes serdes) {
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
        _ -> new HealthMonitor(config.health()),
        ProjectHealth.class,
        List.of(Topics.HEALTH_PROBES),
        List.of(Topics.HEALTH_STATUSES, Topics.HEALTH_ANOMALIES));
    wiring.add(
        ANALYZER,
        _ -> new MetricsAnalyzer(config.metrics()),
        MetricWatch.class,
        List.of(Topics.HEALTH_METRICS),
        List.of(Topics.HEALTH_ANOMALIES));
    wiring.add(
        FIXER,
        context ->
            new AutoFixer(
                app,
                config.remedies(),
                new RuleAnalyzer(),
                config
                    .analyst()
                    .map(analyst -> new Consultation(analyst.timeout(), vitals(context)))
                    .orElse(null)),
        RemediationState.class,
        List.of(
            Topics.HEALTH_ANOMALIES,
            Topics.REMEDIATION_DIAGNOSES,
            Topics.REMEDIATION_OUTCOMES,
            Topics.REMEDIATION_APPROVALS),
        List.of(
            Topics.REMEDIATION_ANALYSIS_REQUESTS,
            Topics.REMEDIATION_ANALYSES,
            Topics.REMEDIATION_COMMANDS,
            Topics.REMEDIATION_ESCALATIONS));
    topology.connectProcessorAndStateStores(FIXER, store(MONITOR), store(ANALYZER));
    return topology;
  }

  private static String store(String agent) {
    return agent + "-projects";
  }

  private static Vitals vitals(ProcessorContext<?, ?> context) {
    ReadOnlyKeyValueStore<String, ProjectHealth> health = context.getStateStore(store(MONITOR));
    ReadOnlyKeyValueStore<String, MetricWatch> metrics = context.getStateStore(store(ANALYZER));
    return new Vitals() {
      @Override
      public ProjectHealth health(String project) {
        return Objects.requireNonNullElse(health.get(project), ProjectHealth.UNKNOWN);
      }

      @Override
      public MetricWatch metrics(String project) {
        return Objects.requireNonNullElse(metrics.get(project), MetricWatch.NONE);
      }
    };
  }

  /** Every topic that is read or written. */
  static List<Topic<? extends SpecificRecord>> topics() {
    return Stream.concat(INPUTS.stream(), OUTPUTS.stream()).toList();
  }

  private record Wiring(Topology topology, String app, TopicSerdes serdes) {

    <S> void add(
        String name,
        Function<ProcessorContext<?, ?>, ProjectAgent<S>> agents,
        Class<S> stateType,
        List<Topic<? extends SpecificRecord>> sources,
        List<Topic<? extends SpecificRecord>> sinks) {
      String store = store(name);
      topology.addProcessor(
          name,
          () -> new AgentProcessor<>(app, name, agents, store, TICK),
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
