package dev.millrace.standalone.command;

import dev.millrace.audit.archive.PartitionArchiver;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jdbi.v3.core.JdbiException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code millrace audit archive}: takes old days out of the mirror now. */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    description =
        "Take the records of all days before one out of the mirror, into signed and compressed"
            + " files. A day is dropped only when its archive is complete, checked and on disk."
            + " AUDIT_RETENTION has the sink do the same by itself.",
    footer = {
      "",
      "  ./millrace audit archive --before 2026-01-01",
      "  ./millrace audit archives",
      "  ./millrace audit restore records_20251224",
      "",
      "An archive can also be read without Millrace, with the columns that its .json names:",
      "  zcat records_20251224.copy.gz | psql -c \"COPY some_table FROM STDIN (FORMAT binary)\""
    })
final class AuditArchiveCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private AuditFiles files;

  @Option(
      names = "--before",
      paramLabel = "DAY",
      required = true,
      converter = Day.class,
      description = "First day (UTC) that stays, as in 2026-01-31.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private LocalDate before;

  /** Reads a day. */
  static final class Day implements ITypeConverter<LocalDate> {
    @Override
    public LocalDate convert(String text) {
      try {
        return LocalDate.parse(text);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "expected a day such as 2026-01-31, found '" + text + "'");
      }
    }
  }

  @Override
  public Integer call() {
    if (before.isAfter(LocalDate.now(ZoneOffset.UTC))) {
      throw new StackException("expected a day that is not in the future, found " + before);
    }
    try {
      List<PartitionArchiver.Outcome> outcomes =
          new PartitionArchiver(
                  AuditCommand.owner(PipelineState.of(files.data.path), files.data),
                  files.archives(),
                  files.keyFile(),
                  Clock.systemUTC())
              .run((day, topics) -> day.isBefore(before));
      outcomes.forEach(AuditArchiveCommand::print);
      long gone = outcomes.stream().filter(outcome -> outcome.problem() == null).count();
      System.out.printf("%d partitions archived and dropped%n", gone);
      return gone == outcomes.size() ? 0 : 1;
    } catch (SQLException | JdbiException e) {
      throw new StackException("no further partition is dropped: " + e.getMessage(), e);
    }
  }

  private static void print(PartitionArchiver.Outcome outcome) {
    System.out.println(
        outcome.problem() == null
            ? "%s: %d rows".formatted(outcome.table(), outcome.rows())
            : "%s stays: %s".formatted(outcome.table(), outcome.problem()));
  }
}
