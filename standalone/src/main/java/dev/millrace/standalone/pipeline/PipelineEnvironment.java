package dev.millrace.standalone.pipeline;

import dev.millrace.runtime.config.Environment;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.EmbeddedStack;
import java.util.HashMap;
import java.util.Map;

/** What the apps of a pipeline are configured with. */
final class PipelineEnvironment {

  private PipelineEnvironment() {}

  /**
   * The folders, then what the site set, then the secrets of the data directory and the addresses
   * of the embedded stack, which nobody else may set.
   */
  static Environment of(DataDirectory data, EmbeddedStack stack, PipelineOptions options) {
    EmbeddedStack.Addresses addresses = stack.addresses();
    return withoutStack(data, options)
        .with(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", addresses.bootstrapServers(),
                "SCHEMA_REGISTRY_URL", addresses.registry().toString(),
                "SCHEMA_REGISTRY_CONFLUENT_URL", addresses.confluentRegistry().toString(),
                "DATABASE_URL", addresses.jdbcUrl()));
  }

  /** All but the addresses, which are known when the stack runs. */
  static Environment withoutStack(DataDirectory data, PipelineOptions options) {
    Map<String, String> fixed = new HashMap<>();
    fixed.put("KAFKA_REPLICATION_FACTOR", "1");
    fixed.put("KAFKA_STREAMS_STATE_DIR", data.root().resolve(DataDirectory.STATE).toString());
    // Forms in a second; the streams protocol needs several on a broker of one machine.
    fixed.put("KAFKA_STREAMS_GROUP_PROTOCOL", "classic");
    fixed.put("AUDIT_DIRECTORY", data.root().resolve("audit").toString());
    fixed.put("DATABASE_USER", "millrace");
    fixed.put("MANAGEMENT_HOST", PipelineOptions.LOOPBACK);
    fixed.put("MANAGEMENT_PORT", "0");
    fixed.put("GATEWAY_HOST", options.host());
    fixed.put("GATEWAY_PORT", Integer.toString(options.port()));
    return Environment.of(Map.of("WORKSPACES_DIR", data.root().resolve("workspaces").toString()))
        .with(options.environment())
        .with(data.credentials().values())
        .with(fixed);
  }
}
