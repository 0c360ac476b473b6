package dev.millrace.standalone.command;

import dev.millrace.audit.archive.ArchiveCheck;
import dev.millrace.audit.archive.ArchiveReview;
import dev.millrace.audit.archive.ArchiveStore;
import dev.millrace.audit.chain.ChainVerifier;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.chain.CheckpointKeeper;
import dev.millrace.audit.chain.Finding;
import dev.millrace.audit.chain.Payloads;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace audit verify}: whether the mirror is as it was written. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Compute the hash chains of the mirror anew and compare them with the signed checkpoints"
            + " of the file and the topic. Of each partition the first row is named that does not"
            + " hold, also a newest one that was removed. Archives are checked too: their files,"
            + " and that the chains go on behind them. Ends with 1 if anything does not hold.",
    footer = {
      "",
      "  ./millrace audit verify",
      "  ./millrace audit verify --topic task.events --from-offset 1000 --to-offset 2000",
      "  ./millrace audit verify --public-key /elsewhere/signing-key.pem.pub",
      "",
      "A removed newest row is found only when the whole partition is verified. What a row written",
      "since the last checkpoint was is told by the sink's own record of where it stopped."
    })
final class AuditVerifyCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private AuditFiles files;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic; may be given again.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Partition, of each --topic that is given.")
  private @Nullable Integer partition;

  @Option(names = "--from-offset", paramLabel = "N", description = "First offset, of a --topic.")
  private long from;

  @Option(names = "--to-offset", paramLabel = "N", description = "Last offset, of a --topic.")
  private long to = Long.MAX_VALUE;

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description = "Key that verifies checkpoints; else the one beside the sink's.")
  private @Nullable Path publicKey;

  @Option(
      names = "--without-archives",
      description = "Do not read the files of archives, only check what the mirror has of them.")
  private boolean withoutArchives;

  @Override
  public Integer call() throws IOException {
    requireRange();
    PipelineState state = PipelineState.of(files.data.path);
    try (RunningKafka kafka = new RunningKafka(state);
        Handle handle = AuditCommand.owner(state, files.data).open()) {
      requireKnown(handle);
      FoundCheckpoints found = new FoundCheckpoints();
      found.readFile(files.directory().resolve(CheckpointKeeper.FILE));
      readTopic(kafka.clients(), found);
      PublicKey key = publicKey == null ? files.publicKey() : AuditFiles.publicKey(publicKey);
      CheckpointChain checkpoints = new CheckpointChain(found.checkpoints(), key);
      ValueDecoder decoder =
          new ValueDecoder(kafka.clients().serdes().registry()::schema, topic -> false);
      ArchiveReview archives = new ArchiveReview(new ArchiveStore(handle).all(), key);
      if (!withoutArchives) {
        archives.withFiles(
            new ArchiveCheck(files.archives(), key, checkpoints, new Payloads(decoder)));
      }
      ChainVerifier.Report report =
          new ChainVerifier(handle.getConnection(), decoder, checkpoints, archives.runs())
              .verify(
                  new ChainVerifier.Range(
                      topic -> topics.isEmpty() || topics.contains(topic), partition, from, to));
      return print(report, archives, checkpoints, found.strange());
    } catch (SQLException e) {
      throw new StackException("the mirror cannot be read: " + e.getMessage(), e);
    }
  }

  private void requireRange() {
    if (topics.isEmpty() && (partition != null || from != 0 || to != Long.MAX_VALUE)) {
      throw new StackException("--partition, --from-offset and --to-offset need a --topic");
    }
    if (partition != null && partition < 0) {
      throw new StackException("--partition: expected 0 or more, found " + partition);
    }
    if (from < 0) {
      throw new StackException("--from-offset: expected 0 or more, found " + from);
    }
    if (to < from) {
      throw new StackException(
          "--to-offset: expected %d or more, as of --from-offset, found %d".formatted(from, to));
    }
  }

  /** A misspelled topic would be found to hold, as nothing of it is there. */
  private void requireKnown(Handle handle) {
    for (String topic : topics) {
      boolean known =
          handle
              .createQuery(
                  """
                  SELECT EXISTS (
                    SELECT FROM audit.offsets
                     WHERE topic = :topic
                       AND (:partition::int IS NULL OR partition = :partition))
                  """)
              .bind("topic", topic)
              .bind("partition", partition)
              .mapTo(Boolean.class)
              .one();
      if (!known) {
        throw new StackException(
            "the mirror has nothing of %s; ./millrace topics lists the topics"
                .formatted(partition == null ? topic : "partition " + partition + " of " + topic));
      }
    }
  }

  private static void readTopic(KafkaClients kafka, FoundCheckpoints found) {
    try (Consumer<byte[], byte[]> consumer = kafka.consumer("verify", null, Map.of());
        Deserializer<AuditCheckpoint> deserializer =
            kafka.serdes().deserializer(Topics.AUDIT_CHECKPOINTS)) {
      found.readTopic(consumer, deserializer);
    }
  }

  private static int print(
      ChainVerifier.Report report,
      ArchiveReview archives,
      CheckpointChain checkpoints,
      List<Finding> strange) {
    List<Finding> findings = new ArrayList<>(strange);
    findings.addAll(report.findings());
    findings.addAll(archives.findings());
    findings.forEach(finding -> System.out.printf("%s: %s%n", finding.place(), finding.what()));
    System.out.printf(
        "%d rows, %d archived rows and %d checkpoints verified, %d findings%n",
        report.rows(), archives.rows(), checkpoints.size(), findings.size());
    if (report.unchained() > 0) {
      System.out.printf("%d rows are from before there were chains%n", report.unchained());
    }
    return findings.isEmpty() ? 0 : 1;
  }
}
