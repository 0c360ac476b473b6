package dev.millrace.audit.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.schemas.json.AvroJsonReader;
import dev.millrace.schemas.json.AvroJsonWriter;
import dev.millrace.schemas.replay.ReplayRequest;
import dev.millrace.schemas.serde.WireFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

/** A request as the JSON that is kept of it. */
final class RequestJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RequestJson() {}

  static String write(ReplayRequest request) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      AvroJsonWriter.write(request, json);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return text.toString();
  }

  static ReplayRequest read(String json) {
    try {
      GenericRecord generic =
          AvroJsonReader.read(ReplayRequest.getClassSchema(), MAPPER.readTree(json));
      return new SpecificDatumReader<>(ReplayRequest.class)
          .read(null, DecoderFactory.get().binaryDecoder(WireFormat.avro(generic), null));
    } catch (IOException e) {
      throw new IllegalArgumentException("expected the request of a replay, found " + json, e);
    }
  }
}
