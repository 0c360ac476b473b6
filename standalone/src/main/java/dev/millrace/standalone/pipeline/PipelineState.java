package dev.millrace.standalone.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.millrace.runtime.failure.FileFailures;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.EmbeddedStack;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a running pipeline can be found, as it says itself in its data directory.
 *
 * @param pid process it runs in
 * @param readySince when it was ready
 * @param gateway address of the gateway
 * @param bootstrapServers address of the broker
 * @param registry address of the schema registry
 * @param confluentRegistry its Confluent-compatible API
 * @param jdbcUrl address of the database
 * @param apps address of each app's management endpoints
 */
public record PipelineState(
    long pid,
    Instant readySince,
    URI gateway,
    String bootstrapServers,
    URI registry,
    URI confluentRegistry,
    String jdbcUrl,
    Map<String, URI> apps) {

  private static final String FILE = "pipeline.json";
  private static final ObjectMapper MAPPER =
      new ObjectMapper().registerModule(new JavaTimeModule());

  /** The state of a pipeline that is ready now. */
  public static PipelineState of(Pipeline pipeline) {
    EmbeddedStack.Addresses addresses = pipeline.stack().addresses();
    Map<String, URI> apps = new TreeMap<>();
    pipeline.apps().forEach((name, app) -> apps.put(name, app.managementUri()));
    return new PipelineState(
        ProcessHandle.current().pid(),
        Instant.now(),
        pipeline.gateway(),
        addresses.bootstrapServers(),
        addresses.registry(),
        addresses.confluentRegistry(),
        addresses.jdbcUrl(),
        apps);
  }

  /**
   * Reads the state of the pipeline that runs on a data directory.
   *
   * @throws StackException if none does
   */
  public static PipelineState of(Path data) {
    ProcessHandle holder = DataDirectory.holder(data).orElseThrow(() -> notRunning(data));
    Path file = data.resolve(FILE);
    if (Files.exists(file)) {
      try {
        PipelineState state = MAPPER.readValue(file.toFile(), PipelineState.class);
        if (state.pid() == holder.pid()) {
          return state;
        }
      } catch (IOException e) {
        throw new StackException(
            "expected a pipeline's state in " + file + ": " + FileFailures.reason(e), e);
      }
    }
    throw new StackException(
        "Millrace is still starting on %s (process %d); try again when ./millrace up says ready"
            .formatted(data.toAbsolutePath().normalize(), holder.pid()));
  }

  /** What is said of a data directory that nothing runs on. */
  public static StackException notRunning(Path data) {
    return new StackException(
        "Millrace is not running on %s; start it with ./millrace up"
            .formatted(data.toAbsolutePath().normalize()));
  }

  /** Writes it where the other commands look. */
  public void write(Path data) {
    Path file = data.resolve(FILE);
    Path draft = data.resolve(FILE + ".new");
    try {
      MAPPER.writerWithDefaultPrettyPrinter().writeValue(draft.toFile(), this);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StackException(
          "the state cannot be written to " + file + ": " + FileFailures.reason(e), e);
    }
  }

  /** Removes what {@link #write} wrote. */
  public static void remove(Path data) {
    try {
      Files.deleteIfExists(data.resolve(FILE));
    } catch (IOException e) {
      throw new StackException(
          "the state cannot be removed from " + data + ": " + FileFailures.reason(e), e);
    }
  }
}
