package dev.millrace.audit.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.audit.chain.ArchivedRun;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** The description of an archive, as the file beside it has it. */
final class ArchiveJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ArchiveJson() {}

  static String of(Archive archive) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("name", archive.name())
            .put("table", archive.table())
            .put("day", archive.day().toString())
            .put("rows", archive.rows())
            .put("file_bytes", archive.fileBytes())
            .put("sha256", archive.sha256())
            .put("archived_at", archive.archivedAt().toString())
            .put("columns", ArchivedRows.COLUMNS)
            .put("key_id", archive.keyId())
            .put("signature", archive.signature());
    ArrayNode runs = json.putArray("runs");
    for (ArchivedRun run : archive.runs()) {
      runs.addObject()
          .put("topic", run.place().topic())
          .put("partition", run.place().partition())
          .put("first_offset", run.first())
          .put("last_offset", run.last())
          .put("rows", run.rows())
          .put("previous_hash", run.previous())
          .put("last_hash", run.hash());
    }
    return json.toPrettyString() + "\n";
  }

  static Archive parse(String name, String text) throws ArchiveException {
    try {
      JsonNode json = JSON.readTree(text);
      return new Archive(
          json.required("name").asText(),
          json.required("table").asText(),
          LocalDate.parse(json.required("day").asText()),
          json.required("rows").longValue(),
          json.required("file_bytes").longValue(),
          json.required("sha256").asText(),
          Instant.parse(json.required("archived_at").asText()),
          json.required("key_id").asText(),
          json.required("signature").asText(),
          runs(json.required("runs")));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new ArchiveException(
          "archive %s: expected its description, found %s".formatted(name, e.getMessage()));
    }
  }

  private static List<ArchivedRun> runs(JsonNode array) {
    List<ArchivedRun> runs = new ArrayList<>();
    for (JsonNode run : array) {
      runs.add(
          new ArchivedRun(
              new TopicPartition(
                  run.required("topic").asText(), run.required("partition").intValue()),
              run.required("first_offset").longValue(),
              run.required("last_offset").longValue(),
              run.required("rows").longValue(),
              run.required("previous_hash").asText(),
              run.required("last_hash").textValue()));
    }
    return runs;
  }
}
