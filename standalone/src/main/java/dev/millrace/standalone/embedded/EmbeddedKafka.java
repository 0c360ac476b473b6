package dev.millrace.standalone.embedded;

import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka node, broker and controller in one, in this JVM, on loopback. Share groups and the
 * streams group protocol are on; topics are not created by mentioning them.
 *
 * <p>{@link #stop} and {@link #start} may be repeated; records, offsets and the port stay. Not safe
 * for use by several threads at once.
 */
public final class EmbeddedKafka {
  private static final short ON = 1;

  private final Path folder;
  private final int port;
  private final int controllerPort;
  private @Nullable KafkaRaftServer server;

  /** Prepares, without starting, the node of a data directory. */
  public EmbeddedKafka(DataDirectory data, int port, int controllerPort) {
    this.folder = data.kafka();
    this.port = port;
    this.controllerPort = controllerPort;
  }

  /**
   * Starts the node and returns when it takes requests; the first start formats its storage.
   *
   * @throws StackException when a port is taken or the node fails to start
   */
  public void start() {
    Ports.requireFree(port, "Kafka");
    Ports.requireFree(controllerPort, "Kafka's controller");
    try {
      if (!Files.exists(folder.resolve("meta.properties"))) {
        format();
      }
    } catch (IOException e) {
      throw new StackException(
          "Kafka's storage in " + folder + " cannot be formatted: " + FileFailures.reason(e), e);
    }
    Properties settings = KafkaSettings.of(folder, port, controllerPort);
    var starting = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
    server = starting;
    try {
      starting.startup();
    } catch (KafkaException e) {
      stop();
      throw new StackException("Kafka cannot be started: " + e.getMessage(), e);
    }
  }

  /** Stops the node in good order; does nothing when it is not running. */
  public void stop() {
    if (server != null) {
      server.shutdown();
      server.awaitShutdown();
      server = null;
    }
  }

  /** For {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  private void format() throws IOException {
    Folders.deleteContents(folder);
    Files.createDirectories(folder);
    var formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setClusterId(Uuid.randomUuid().toString())
            .setNodeId(KafkaSettings.NODE_ID)
            .setControllerListenerName(KafkaSettings.CONTROLLER_LISTENER)
            .setDirectories(List.of(folder.toString()))
            .setMetadataLogDirectory(folder.toString())
            .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
            .setFeatureLevel("share.version", ON)
            .setFeatureLevel("streams.version", ON);
    try {
      formatter.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) { // what the method declares
      throw new IOException(e);
    }
  }
}
