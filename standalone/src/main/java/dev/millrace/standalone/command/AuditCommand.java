package dev.millrace.standalone.command;

import dev.millrace.audit.rebuild.ReadModelRebuild;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import picocli.CommandLine.Command;

/** {@code millrace audit}: the record of what happened. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description =
        "Check the audit record, compare it with Kafka, archive and restore it, and derive again"
            + " what is derived from it.",
    subcommands = {
      AuditVerifyCommand.class,
      AuditCompareCommand.class,
      AuditArchiveCommand.class,
      AuditArchivesCommand.class,
      AuditRestoreCommand.class,
      AuditCommand.Rebuild.class
    })
public final class AuditCommand {

  @Command(
      name = "rebuild",
      mixinStandardHelpOptions = true,
      description =
          "Derive the read models (ai_tasks, ai_events, ...) again from the mirror, while"
              + " everything runs.")
  static final class Rebuild extends DataCommand {
    @Override
    public Integer call() {
      PipelineState state = PipelineState.of(data.path);
      try (RunningKafka kafka = new RunningKafka(state);
          Handle handle = owner(state, data).open()) {
        ReadModelRebuild.Result result =
            new ReadModelRebuild(
                    handle.getConnection(),
                    kafka.clients().serdes().registry()::schema,
                    Console::say)
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

  /** Connections of the role that owns the audit database. */
  static Jdbi owner(PipelineState state, DataOption data) {
    return Jdbi.create(
        state.jdbcUrl(),
        "millrace",
        Credentials.load(data.path).get(Credentials.DATABASE_PASSWORD));
  }
}
