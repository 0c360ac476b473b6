package dev.millrace.schemas.serde;

import dev.millrace.schemas.catalogue.Topic;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Serdes for the values of the catalogue's topics: the classes of the configuration, told which
 * type to read, and patient with a registry that is away.
 */
public final class EventSerdes {

  private final SchemaRegistry registry;

  public EventSerdes(SchemaRegistry registry) {
    this.registry = registry;
  }

  /** Serdes for the registry of this configuration. */
  public static EventSerdes of(RegistryConfig config) {
    return new EventSerdes(new SchemaRegistry(config));
  }

  /** Serdes of the same registry for one who waits this long when it is away. */
  public EventSerdes withPatience(Duration patience) {
    return new EventSerdes(registry.withPatience(patience));
  }

  /** The registry the schemas are in. */
  public SchemaRegistry registry() {
    return registry;
  }

  /** Writes the values of any topic. */
  public <T extends SpecificRecord> Serializer<T> serializer() {
    Serializer<T> delegate = Utils.newInstance(serializerClass());
    delegate.configure(registry.config().serdeSettings(), false);
    return new EventSerializer<>(delegate, registry);
  }

  /** Reads the values of a topic into their generated class, whatever schema they came with. */
  public <T extends SpecificRecord> Deserializer<T> deserializer(Topic<T> topic) {
    Map<String, Object> settings = registry.config().serdeSettings();
    settings.put("apicurio.registry.avro-datum-provider", ExpectedTypeDatumProvider.class);
    settings.put(ExpectedTypeDatumProvider.EXPECTED_SCHEMA, topic.schema());
    settings.put("specific.avro.reader", true);
    settings.put("specific.avro.value.type", topic.valueType());
    return deserializer(settings);
  }

  /** Reads the values of any topic with the schema they came with. */
  public Deserializer<GenericRecord> genericDeserializer() {
    return deserializer(registry.config().serdeSettings());
  }

  /** Writes and reads the values of a topic. */
  public <T extends SpecificRecord> Serde<T> serde(Topic<T> topic) {
    return Serdes.serdeFrom(serializer(), deserializer(topic));
  }

  private <T> Deserializer<T> deserializer(Map<String, Object> settings) {
    Deserializer<T> delegate = Utils.newInstance(deserializerClass());
    delegate.configure(settings, false);
    return new EventDeserializer<>(delegate, registry);
  }

  @SuppressWarnings("unchecked")
  private <T> Class<Serializer<T>> serializerClass() {
    return (Class<Serializer<T>>) (Class<?>) load(registry.config().serializer(), Serializer.class);
  }

  @SuppressWarnings("unchecked")
  private <T> Class<Deserializer<T>> deserializerClass() {
    return (Class<Deserializer<T>>)
        (Class<?>) load(registry.config().deserializer(), Deserializer.class);
  }

  private static <T> Class<? extends T> load(String className, Class<T> type) {
    try {
      return Utils.loadClass(className, type);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "expected a class on the class path, found no " + className + "; add its artifact", e);
    }
  }
}
