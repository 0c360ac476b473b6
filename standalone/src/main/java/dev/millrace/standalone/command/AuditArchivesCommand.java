package dev.millrace.standalone.command;

import dev.millrace.audit.archive.ArchiveStore;
import dev.millrace.standalone.pipeline.PipelineState;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code millrace audit archives}: what was taken out of the mirror. */
@Command(
    name = "archives",
    mixinStandardHelpOptions = true,
    description = "List the archives of the mirror, by day.")
final class AuditArchivesCommand extends DataCommand {

  private static final String FORMAT = "%-28s  %-10s  %12s  %14s  %s%n";

  @Override
  public Integer call() {
    List<ArchiveStore.Known> archives =
        AuditCommand.owner(PipelineState.of(data.path), data)
            .withHandle(handle -> new ArchiveStore(handle).all());
    System.out.printf(FORMAT, "ARCHIVE", "DAY", "ROWS", "BYTES", "ITS ROWS ARE");
    for (ArchiveStore.Known known : archives) {
      System.out.printf(
          FORMAT,
          known.archive().name(),
          known.archive().day(),
          known.archive().rows(),
          known.archive().fileBytes(),
          state(known));
    }
    return 0;
  }

  private static String state(ArchiveStore.Known known) {
    if (known.restoredAt() != null) {
      return "restored since " + known.restoredAt() + ", kept until " + known.keepUntil();
    }
    return known.droppedAt() == null
        ? "in the mirror, about to be dropped"
        : "dropped since " + known.droppedAt();
  }
}
