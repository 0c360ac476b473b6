package dev.millrace.standalone.command;

import dev.millrace.audit.rebuild.ReadModelRebuild;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace audit}: the record of what happened. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Check the audit record, and derive again what is derived from it.",
    subcommands = {AuditVerifyCommand.class, AuditCommand.Rebuild.class})
public final class AuditCommand {

  @Command(
      name = "rebuild",
      mixinStandardHelpOptions = true,
      description =
          "Derive the read models (ai_tasks, ai_events, ...) again from the mirror, while"
              + " everything runs.")
  static final class Rebuild implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private DataOption data;

    @Override
    public Integer call() {
      PipelineState state = PipelineState.of(data.path);
      try (RunningKafka kafka = new RunningKafka(state);
          Connection connection = owner(state, data)) {
        ReadModelRebuild.Result result =
            new ReadModelRebuild(
                    connection, kafka.clients().serdes().registry()::schema, Console::say)
                .run();
        System.out.printf(
            "read models rebuilt from %d rows of the mirror, %d not taken%n",
            result.rows(), result.refused());
        return 0;
      } catch (SQLException e) {
        throw new StackException("the read models are as they were: " + e.getMessage(), e);
      }
    }
  }

  /** A connection of the role that owns the audit database. */
  static Connection owner(PipelineState state, DataOption data) throws SQLException {
    return DriverManager.getConnection(
        state.jdbcUrl(),
        "millrace",
        Credentials.load(data.path).get(Credentials.DATABASE_PASSWORD));
  }
}
