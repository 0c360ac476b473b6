package dev.millrace.standalone.command;

import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.PostgresBinaries;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace psql}: the audit database, as the analyst role. */
@Command(
    name = "psql",
    mixinStandardHelpOptions = true,
    description = "Query the audit database with psql, as the read-only analyst role.",
    footer = {
      "",
      "  ./millrace psql -c \"SELECT event_type, count(*) FROM ai_events GROUP BY 1\"",
      "  ./millrace psql -- --csv -c \"SELECT * FROM ai_tasks\""
    })
public final class PsqlCommand implements Callable<Integer> {

  private static final String JDBC_PREFIX = "jdbc:";

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Option(
      names = "-c",
      paramLabel = "SQL",
      description = "Run this and exit; may be given several times, as with psql itself.")
  private List<String> statements = new ArrayList<>();

  @Parameters(paramLabel = "ARGUMENT", description = "Further arguments of psql, after --.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PipelineState state = PipelineState.of(data.path);
    URI database = URI.create(state.jdbcUrl().substring(JDBC_PREFIX.length()));
    List<String> command = new ArrayList<>();
    command.add(PostgresBinaries.find().bin().resolve("psql").toString());
    command.addAll(
        List.of(
            "--host", database.getHost(),
            "--port", Integer.toString(database.getPort()),
            "--username", "millrace_analyst",
            "--dbname", database.getPath().substring(1),
            "--set", "ON_ERROR_STOP=1"));
    for (String statement : statements) {
      command.addAll(List.of("-c", statement));
    }
    command.addAll(arguments);
    ProcessBuilder psql = new ProcessBuilder(command).inheritIO();
    psql.environment()
        .put("PGPASSWORD", Credentials.load(data.path).get(Credentials.ANALYST_PASSWORD));
    // At a terminal Ctrl-C reaches both, and is psql's: it cancels a query, and psql goes on.
    Shutdown shutdown = Shutdown.awaited();
    try {
      return psql.start().waitFor();
    } finally {
      shutdown.done();
    }
  }
}
