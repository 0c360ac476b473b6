package dev.millrace.schemas.serde;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the schema registry is and which serde classes talk to it.
 *
 * @param url base address of an Apicurio registry, for example {@code http://localhost:8081}
 * @param confluentUrl its Confluent-compatible API, or a Confluent registry
 * @param serializer Kafka serializer class for Avro values in the Confluent wire format
 * @param deserializer the deserializer that goes with it
 * @param patience how long a serde waits for a registry that does not answer
 */
public record RegistryConfig(
    URI url, URI confluentUrl, String serializer, String deserializer, Duration patience) {

  public static final String APICURIO_SERIALIZER =
      "io.apicurio.registry.serde.avro.AvroKafkaSerializer";
  public static final String APICURIO_DESERIALIZER =
      "io.apicurio.registry.serde.avro.AvroKafkaDeserializer";

  /**
   * Long enough to outlast a restart of the registry, and shorter than the five minutes after which
   * a consumer that does not poll loses its partitions.
   */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(4);

  public RegistryConfig {
    requireNonNull(url, "url");
    requireNonNull(confluentUrl, "confluentUrl");
    requireNonNull(serializer, "serializer");
    requireNonNull(deserializer, "deserializer");
    requireNonNull(patience, "patience");
  }

  /** An Apicurio registry at this address, with its own serde. */
  public static RegistryConfig apicurio(URI url) {
    URI base = URI.create(url.toString().replaceAll("/+$", ""));
    return new RegistryConfig(
        base,
        URI.create(base + "/apis/ccompat/v7"),
        APICURIO_SERIALIZER,
        APICURIO_DESERIALIZER,
        DEFAULT_PATIENCE);
  }

  /** The same registry, waited for no longer than this. */
  public RegistryConfig withPatience(Duration patience) {
    return new RegistryConfig(url, confluentUrl, serializer, deserializer, patience);
  }

  /**
   * Settings for the serde classes; each reads those it knows. Schemas are written whole, without
   * references to other schemas, so that a client which knows no references reads them too.
   */
  Map<String, Object> serdeSettings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("apicurio.registry.url", url + "/apis/registry/v3");
    settings.put("apicurio.registry.auto-register", true);
    settings.put("apicurio.registry.auto-register.if-exists", "FIND_OR_CREATE_VERSION");
    settings.put("apicurio.registry.dereference-schema", true);
    settings.put("apicurio.registry.check-period-ms", Duration.ofDays(1).toMillis());
    settings.put("apicurio.registry.fault-tolerant-refresh", true);
    settings.put("schema.registry.url", confluentUrl.toString());
    settings.put("auto.register.schemas", true);
    return settings;
  }
}
