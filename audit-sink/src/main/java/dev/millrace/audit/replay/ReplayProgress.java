package dev.millrace.audit.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How far a replay is: what the records that it wrote say of it, in the transaction that wrote
 * them.
 *
 * @param position where it goes on
 * @param matched records that match so far
 * @param written records written so far
 */
record ReplayProgress(Position position, long matched, long written) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As a short text: packed, in Base64. */
  String encoded() {
    String json =
        "{\"matched\":%d,\"written\":%d,\"position\":%s}"
            .formatted(matched, written, position.json());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
      packed.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads what {@link #encoded} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static ReplayProgress decode(String text) {
    try (GZIPInputStream json =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
      JsonNode progress = JSON.readTree(json);
      return new ReplayProgress(
          Position.parse(progress.required("position").toString()),
          progress.required("matched").longValue(),
          progress.required("written").longValue());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected how far a replay is", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("expected how far a replay is, packed", e);
    }
  }
}
