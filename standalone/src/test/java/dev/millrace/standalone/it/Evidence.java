package dev.millrace.standalone.it;

import dev.millrace.audit.archive.ArchiveCheck;
import dev.millrace.audit.archive.ArchiveFolder;
import dev.millrace.audit.archive.ArchiveReview;
import dev.millrace.audit.archive.ArchiveStore;
import dev.millrace.audit.chain.ChainVerifier;
import dev.millrace.audit.chain.ChainVerifier.Range;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.chain.CheckpointKeeper;
import dev.millrace.audit.chain.Checkpoints;
import dev.millrace.audit.chain.Finding;
import dev.millrace.audit.chain.Payloads;
import dev.millrace.audit.chain.SigningKey;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.schemas.audit.AuditCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What the sink keeps beside its record, and the record's verification with it. */
final class Evidence {

  private Evidence() {}

  /** Where the sink of the pipeline keeps its files. */
  static Path directory(Millrace millrace) {
    return Path.of(millrace.pipeline().environment().optional("AUDIT_DIRECTORY").orElseThrow());
  }

  /** File of the key the sink signs with. */
  static Path keyFile(Millrace millrace) {
    return directory(millrace).resolve(CheckpointKeeper.KEY_FILE);
  }

  static PublicKey publicKey(Millrace millrace) throws IOException {
    return SigningKey.publicKey(SigningKey.publicFile(keyFile(millrace)));
  }

  /** The checkpoints of the file. */
  static List<AuditCheckpoint> checkpoints(Millrace millrace) throws IOException {
    Path file = directory(millrace).resolve(CheckpointKeeper.FILE);
    return Files.exists(file)
        ? new ArrayList<>(Files.readAllLines(file).stream().map(Checkpoints::parse).toList())
        : new ArrayList<>();
  }

  static ValueDecoder decoder(Millrace millrace) {
    return new ValueDecoder(millrace.kafka().serdes().registry()::schema, topic -> false);
  }

  /** Verifies without checkpoints what a topic has in the mirror, on a connection of the owner. */
  static ChainVerifier.Report verify(Millrace millrace, String topic) throws Exception {
    try (Handle handle = millrace.owner().open()) {
      ArchiveReview archives =
          new ArchiveReview(new ArchiveStore(handle).all(), publicKey(millrace));
      return verify(
          millrace,
          handle.getConnection(),
          new Range(topic::equals, null, 0, Long.MAX_VALUE),
          new CheckpointChain(List.of(), publicKey(millrace)),
          archives);
    }
  }

  static ChainVerifier.Report verify(
      Millrace millrace,
      Connection connection,
      Range range,
      CheckpointChain checkpoints,
      ArchiveReview archives)
      throws SQLException {
    return new ChainVerifier(connection, decoder(millrace), checkpoints, archives.runs())
        .verify(range);
  }

  /** What does not hold of the files of archives. */
  static List<Finding> verifyArchives(Millrace millrace, ArchiveFolder folder) throws IOException {
    CheckpointChain checkpoints = new CheckpointChain(checkpoints(millrace), publicKey(millrace));
    return millrace.owner().withHandle(handle -> new ArchiveStore(handle).all()).stream()
        .map(ArchiveStore.Known::archive)
        .filter(archive -> Files.exists(folder.description(archive.name())))
        .flatMap(archive -> check(millrace, folder, checkpoints).check(archive).stream())
        .toList();
  }

  static ArchiveCheck check(Millrace millrace, ArchiveFolder folder, CheckpointChain checkpoints) {
    try {
      return new ArchiveCheck(
          folder, publicKey(millrace), checkpoints, new Payloads(decoder(millrace)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
