package dev.millrace.standalone.command;

import dev.millrace.standalone.embedded.PostgresBinaries;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Looks at what the apps stand on: broker, schema registry and PostgreSQL. */
final class Components {

  /** Name of the broker. */
  static final String KAFKA = "kafka";

  private static final int TIMEOUT_SECONDS = 5;

  /** What its command line begins with; of more than 4 KB the system tells no more. */
  private static final Pattern REGISTRY_PROGRAM = Pattern.compile("=org\\.jboss\\.logmanager\\.");

  private static final Pattern POSTGRES_PROGRAM = Pattern.compile("^\\S*/postgres(\\s|$)");

  private Components() {}

  record Component(String name, boolean up, String since, String detail) {}

  static List<Component> look(PipelineState state) throws InterruptedException {
    return List.of(kafka(state), registry(state), postgres(state));
  }

  private static Component kafka(PipelineState state) throws InterruptedException {
    if (!listens(URI.create("kafka://" + state.bootstrapServers()))) {
      return noAnswer(KAFKA, state.bootstrapServers());
    }
    try (RunningKafka kafka = new RunningKafka(state)) {
      kafka.clients().admin().describeCluster().nodes().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return up(KAFKA, state.readySince(), state.bootstrapServers());
    } catch (ExecutionException | TimeoutException e) {
      return noAnswer(KAFKA, state.bootstrapServers());
    }
  }

  /** A client of Kafka would go on trying for as long as it is given. */
  private static boolean listens(URI address) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getHost(), address.getPort()), TIMEOUT_SECONDS * 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Component registry(PipelineState state) {
    try (RunningKafka kafka = new RunningKafka(state)) {
      return kafka.clients().serdes().registry().isAvailable()
          ? up("schema-registry", since(state, REGISTRY_PROGRAM), state.registry().toString())
          : noAnswer("schema-registry", state.registry().toString());
    }
  }

  private static Component postgres(PipelineState state) throws InterruptedException {
    URI database = URI.create(state.jdbcUrl().substring("jdbc:".length()));
    String address = database.getHost() + ":" + database.getPort();
    try {
      Process isReady =
          new ProcessBuilder(
                  PostgresBinaries.find().bin().resolve("pg_isready").toString(),
                  "-h",
                  database.getHost(),
                  "-p",
                  Integer.toString(database.getPort()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return isReady.waitFor() == 0
          ? up("postgres", since(state, POSTGRES_PROGRAM), address)
          : noAnswer("postgres", address);
    } catch (IOException e) {
      return new Component("postgres", false, "-", "pg_isready cannot be run: " + e.getMessage());
    }
  }

  /** Both run in processes of their own, which are started again when they end. */
  private static Instant since(PipelineState state, Pattern program) {
    return startOf(state.pid(), program).orElse(state.readySince());
  }

  /** When the oldest process below that one began that runs such a program. */
  static Optional<Instant> startOf(long pid, Pattern program) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::info)
        .filter(info -> info.commandLine().filter(line -> program.matcher(line).find()).isPresent())
        .flatMap(info -> info.startInstant().stream())
        .min(Comparator.naturalOrder());
  }

  private static Component noAnswer(String name, String address) {
    return new Component(name, false, "-", "no answer at " + address);
  }

  private static Component up(String name, Instant since, String detail) {
    return new Component(name, true, since.truncatedTo(ChronoUnit.SECONDS).toString(), detail);
  }
}
