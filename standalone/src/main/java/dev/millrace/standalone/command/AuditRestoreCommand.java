package dev.millrace.standalone.command;

import dev.millrace.audit.archive.Archive;
import dev.millrace.audit.archive.ArchiveCheck;
import dev.millrace.audit.archive.ArchiveException;
import dev.millrace.audit.archive.ArchiveRestore;
import dev.millrace.audit.chain.ChainWalk;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.partition.DailyPartitions;
import dev.millrace.audit.partition.Retention;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace audit restore}: brings archived records back into the mirror. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description =
        "Bring the rows of an archive back into the mirror, all or none, to be queried and"
            + " replayed. One that was altered is refused.")
final class AuditRestoreCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private AuditFiles files;

  @Parameters(paramLabel = "ARCHIVE", description = "Its name; ./millrace audit archives has it.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String name;

  @Option(
      names = "--keep",
      paramLabel = "DAYS",
      defaultValue = "7d",
      description = "For how long retention leaves the day alone (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String keep;

  @Override
  public Integer call() throws IOException {
    PipelineState state = PipelineState.of(files.data.path);
    PublicKey key = files.publicKey();
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(state.jdbcUrl());
    database.setUser("millrace");
    database.setPassword(Credentials.load(files.data.path).get(Credentials.DATABASE_PASSWORD));
    ArchiveRestore restore =
        new ArchiveRestore(
            AuditCommand.owner(state, files.data),
            files.archives(),
            new ArchiveCheck(
                files.archives(),
                key,
                new CheckpointChain(List.of(), key),
                ChainWalk.PayloadCheck.NONE),
            new DailyPartitions(database, 0, Retention.FOR_EVER, Clock.systemUTC()),
            Clock.systemUTC());
    try {
      Archive archive = restore.restore(name, keep());
      System.out.printf("%s: %d rows are back in the mirror%n", name, archive.rows());
      return 0;
    } catch (ArchiveException | SQLException | JdbiException e) {
      throw new StackException("nothing is restored: " + e.getMessage(), e);
    }
  }

  private Duration keep() {
    try {
      return Retention.parse(keep);
    } catch (IllegalArgumentException e) {
      throw new StackException("--keep: " + e.getMessage(), e);
    }
  }
}
