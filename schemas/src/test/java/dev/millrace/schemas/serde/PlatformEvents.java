package dev.millrace.schemas.serde;

import static java.util.Objects.requireNonNull;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.platform.PlatformEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Events of platforms, written and read with a registry of their own. */
final class PlatformEvents implements AutoCloseable {

  static final String TOPIC = Topics.PLATFORM_EVENTS.name();
  static final Duration PATIENCE = Duration.ofMillis(700);

  final FakeRegistry registry;

  PlatformEvents() {
    try {
      registry = new FakeRegistry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PlatformEvent event(String type) {
    return Samples.platformEvent(type);
  }

  static byte[] bytes(byte @Nullable [] bytes) {
    return requireNonNull(bytes);
  }

  /** Bytes of the event {@code written}. */
  byte[] written() {
    return bytes(serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event("written")));
  }

  EventSerdes serdes(Duration patience) {
    return EventSerdes.of(RegistryConfig.apicurio(registry.url()).withPatience(patience));
  }

  Deserializer<PlatformEvent> reader(Duration patience) {
    return serdes(patience).deserializer(Topics.PLATFORM_EVENTS);
  }

  @Override
  public void close() {
    registry.close();
  }
}
