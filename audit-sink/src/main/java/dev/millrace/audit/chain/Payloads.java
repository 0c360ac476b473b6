package dev.millrace.audit.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.audit.decode.DecodedValue;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.audit.stored.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares payloads with the bytes they were decoded from: the chain covers the bytes, so that a
 * payload that was changed shows here. Numbers count by value, as {@code jsonb} writes them its own
 * way.
 */
public final class Payloads implements ChainWalk.PayloadCheck {

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final Comparator<JsonNode> BY_VALUE =
      (left, right) -> {
        if (left.equals(right)) {
          return 0;
        }
        return left.isNumber() && right.isNumber()
            ? left.decimalValue().compareTo(right.decimalValue())
            : 1;
      };

  private final ValueDecoder decoder;

  /**
   * @param decoder decodes values as the sink did
   */
  public Payloads(ValueDecoder decoder) {
    this.decoder = decoder;
  }

  /** A row that says why it has no payload is taken at that. */
  @Override
  public Optional<String> compare(StoredRecord stored, @Nullable String error) {
    DecodedValue decoded = decoder.decode(stored.record().topic(), stored.record().value());
    byte[] json = decoded.json();
    String payload = stored.payload();
    if (payload == null) {
      return json == null || error != null
          ? Optional.empty()
          : Optional.of("its payload is missing, though its bytes can be read");
    }
    if (json == null) {
      return Optional.of("it has a payload, and its bytes cannot be read: " + decoded.error());
    }
    try {
      return JSON.readTree(json).equals(BY_VALUE, JSON.readTree(payload))
          ? Optional.empty()
          : Optional.of("its payload is not what its bytes say");
    } catch (JsonProcessingException e) {
      return Optional.of("its payload is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be read", e);
    }
  }
}
