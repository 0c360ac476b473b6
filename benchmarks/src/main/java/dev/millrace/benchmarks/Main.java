package dev.millrace.benchmarks;

import dev.millrace.benchmarks.audit.AuditBenchmark;
import dev.millrace.benchmarks.embed.EmbedBenchmark;
import dev.millrace.benchmarks.ingest.IngestBenchmark;
import dev.millrace.benchmarks.latency.DispatchBenchmark;
import dev.millrace.benchmarks.latency.LatencyBenchmark;
import dev.millrace.benchmarks.learning.LearningBenchmark;
import dev.millrace.benchmarks.retrieval.RetrievalBenchmark;
import dev.millrace.benchmarks.search.SearchBenchmark;
import dev.millrace.benchmarks.startup.StartupBenchmark;
import dev.millrace.benchmarks.tasks.BacklogBenchmark;
import dev.millrace.benchmarks.tasks.TasksBenchmark;
import dev.millrace.standalone.embedded.StackException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code millrace bench}. */
@Command(
    name = "bench",
    description = "Run a benchmark on this machine; its figures are the last lines it prints.",
    mixinStandardHelpOptions = true,
    subcommands = {
      StartupBenchmark.class,
      IngestBenchmark.class,
      LatencyBenchmark.class,
      TasksBenchmark.class,
      DispatchBenchmark.class,
      BacklogBenchmark.class,
      RetrievalBenchmark.class,
      SearchBenchmark.class,
      EmbedBenchmark.class,
      AuditBenchmark.class,
      LearningBenchmark.class
    })
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main()).setExecutionExceptionHandler(Main::explain).execute(args));
  }

  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof StackException) {
      command.getErr().println("millrace: " + failure.getMessage());
      return 1;
    }
    throw failure;
  }
}
