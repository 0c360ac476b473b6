package dev.millrace.runtime.app;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.database.Database;
import dev.millrace.runtime.database.DatabaseConfig;
import dev.millrace.runtime.health.Readiness;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.runtime.kafka.TopicProvisioner;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an app is wired from: its configuration, its clients, and the list of its components. */
public final class AppContext {

  private final String app;
  private final Environment environment;
  private final MeterRegistry meters;
  private final Readiness readiness;
  private final List<Component> components = new ArrayList<>();

  /** What exists as soon as it is asked for, and is closed after all components. */
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  private @Nullable KafkaClients kafka;
  private @Nullable Database database;

  AppContext(String app, Environment environment, MeterRegistry meters, Readiness readiness) {
    this.app = app;
    this.environment = environment;
    this.meters = meters;
    this.readiness = readiness;
  }

  /** Name of the app. */
  public String app() {
    return app;
  }

  public Environment environment() {
    return environment;
  }

  public MeterRegistry meters() {
    return meters;
  }

  public Readiness readiness() {
    return readiness;
  }

  /** Adds a component: it starts after those added before it and stops before them. */
  public <C extends Component> C add(C component) {
    components.add(component);
    return component;
  }

  /** The app's Kafka clients and serdes; the first call adds their health checks. */
  public KafkaClients kafka() {
    if (kafka == null) {
      KafkaConfig config = KafkaConfig.from(environment);
      kafka = new KafkaClients(app, config, EventSerdes.of(config.registry()), meters);
      resources.push(kafka);
      readiness.add("kafka", kafka::checkBroker);
      readiness.add("schema-registry", kafka::checkRegistry);
    }
    return kafka;
  }

  /** The app's Postgres pool; the first call adds its health check. */
  public Database database() {
    if (database == null) {
      database = new Database(app, DatabaseConfig.from(environment), meters);
      resources.push(database);
      readiness.add("postgres", database::check);
    }
    return database;
  }

  /** Adds the step that creates these topics, and registers their schemas, where missing. */
  public void provision(Collection<? extends Topic<?>> topics) {
    TopicProvisioner provisioner = new TopicProvisioner(kafka());
    List<Topic<?>> copy = List.copyOf(topics);
    add(Component.step(() -> provisioner.ensure(copy)));
  }

  List<Component> components() {
    return List.copyOf(components);
  }

  /** In the order in which they are to be closed. */
  Deque<AutoCloseable> resources() {
    return resources;
  }
}
