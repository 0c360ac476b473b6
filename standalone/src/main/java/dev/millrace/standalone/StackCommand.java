package dev.millrace.standalone;

import dev.millrace.standalone.command.Shutdown;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.embedded.EmbeddedStack;
import dev.millrace.standalone.embedded.Ports;
import dev.millrace.standalone.logs.Logs;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace stack}: the broker, the registry and the database alone, until interrupted. */
@Command(
    name = "stack",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Start the broker, the schema registry and PostgreSQL, without any app.")
final class StackCommand implements Callable<Integer> {
  @Option(names = "--data", defaultValue = ".millrace", description = "Where the data are.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path folder;

  @Override
  public Integer call() throws InterruptedException {
    Logs.writeTo(folder);
    Instant start = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    Shutdown shutdown = Shutdown.awaited();
    try (DataDirectory data = DataDirectory.open(folder);
        EmbeddedStack stack =
            EmbeddedStack.start(
                data, Distribution.ofThisJvm(), Ports.ALL_CHOSEN, StackCommand::say)) {
      print(stack, Duration.between(start, Instant.now()));
      shutdown.await();
    } finally {
      shutdown.done();
    }
    return 0;
  }

  private static void say(String sentence) {
    System.out.println(sentence);
  }

  private static void print(EmbeddedStack stack, Duration took) {
    EmbeddedStack.Addresses addresses = stack.addresses();
    System.out.printf("kafka     %s%n", addresses.bootstrapServers());
    System.out.printf("registry  %s%n", addresses.confluentRegistry());
    System.out.printf("postgres  %s%n", addresses.jdbcUrl());
    stack.residentMebibytes().forEach((name, mib) -> System.out.printf("%s_mb %d%n", name, mib));
    System.out.printf("ready in %.1f s%n", took.toMillis() / 1000.0);
  }
}
