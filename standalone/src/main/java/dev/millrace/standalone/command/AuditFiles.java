package dev.millrace.standalone.command;

import dev.millrace.audit.archive.ArchiveFolder;
import dev.millrace.audit.chain.CheckpointKeeper;
import dev.millrace.audit.chain.SigningKey;
import dev.millrace.runtime.config.Environment;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the audit sink of a data directory keeps its files, for the commands that use them. */
final class AuditFiles {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  DataOption data;

  @Option(
      names = "--archive-directory",
      paramLabel = "DIR",
      description = "Where archives are; else $AUDIT_ARCHIVE_DIRECTORY, else with the data.")
  private @Nullable Path archives;

  /** The directory of the sink. */
  Path directory() {
    return data.path.resolve("audit");
  }

  ArchiveFolder archives() {
    return new ArchiveFolder(
        Optional.ofNullable(archives)
            .or(() -> Environment.system().optional("AUDIT_ARCHIVE_DIRECTORY").map(Path::of))
            .orElse(directory().resolve("archive")));
  }

  Path keyFile() {
    return directory().resolve(CheckpointKeeper.KEY_FILE);
  }

  /** The key that verifies what the sink signed. */
  PublicKey publicKey() {
    Path file = SigningKey.publicFile(keyFile());
    if (!Files.exists(file)) {
      throw new StackException(
          "no checkpoint was signed yet: there is no key at %s; the sink makes it with the first, some"
                  .formatted(file)
              + " AUDIT_CHECKPOINT_INTERVAL (30s) after its start");
    }
    return read(file);
  }

  static PublicKey publicKey(Path file) {
    if (!Files.exists(file)) {
      throw new StackException("there is no key at " + file);
    }
    return read(file);
  }

  private static PublicKey read(Path file) {
    try {
      return SigningKey.publicKey(file);
    } catch (IOException e) {
      throw new StackException("the key cannot be read: " + e.getMessage(), e);
    }
  }
}
