package dev.millrace.learning.learner;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Keeps learners in a store as JSON; fields that a later version adds are ignored by this one. */
public final class LearnerStateSerde implements Serde<LearnerState> {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final ObjectWriter writer = JSON.writerFor(LearnerState.class);
  private final ObjectReader reader = JSON.readerFor(LearnerState.class);

  @Override
  public Serializer<LearnerState> serializer() {
    return (_, state) -> write(state);
  }

  @Override
  public Deserializer<LearnerState> deserializer() {
    return (_, bytes) -> read(bytes);
  }

  private byte @Nullable [] write(@Nullable LearnerState state) {
    try {
      return state == null ? null : writer.writeValueAsBytes(state);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the state of a learner", e);
    }
  }

  private @Nullable LearnerState read(byte @Nullable [] bytes) {
    try {
      return bytes == null ? null : reader.readValue(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the state of a learner", e);
    }
  }
}
