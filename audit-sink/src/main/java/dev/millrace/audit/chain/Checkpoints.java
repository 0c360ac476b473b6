package dev.millrace.audit.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.audit.ChainHead;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Checkpoints: what is signed of them, and the line each is in the file. */
public final class Checkpoints {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the first checkpoint follows. */
  static final String NOTHING = "0".repeat(64);

  private Checkpoints() {}

  /** The text that is signed: every field but the signature, one to a line. */
  static byte[] content(AuditCheckpoint checkpoint) {
    StringBuilder text = new StringBuilder("millrace audit checkpoint 1\n");
    text.append(checkpoint.getSequence()).append('\n');
    text.append(checkpoint.getCreatedAt().toEpochMilli()).append('\n');
    text.append(checkpoint.getPrevious()).append('\n');
    text.append(checkpoint.getKeyId()).append('\n');
    for (ChainHead head : checkpoint.getHeads()) {
      text.append(head.getTopic())
          .append(' ')
          .append(head.getPartition())
          .append(' ')
          .append(head.getOffset())
          .append(' ')
          .append(head.getHash())
          .append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** What the next checkpoint names as the one before. */
  static String digest(AuditCheckpoint checkpoint) {
    return HexFormat.of().formatHex(SigningKey.sha256(content(checkpoint)));
  }

  /** The checkpoint, signed. */
  static AuditCheckpoint sign(
      long sequence, Instant at, List<ChainHead> heads, String previous, SigningKey key) {
    AuditCheckpoint checkpoint =
        AuditCheckpoint.newBuilder()
            .setSequence(sequence)
            .setCreatedAt(at)
            .setHeads(heads)
            .setPrevious(previous)
            .setKeyId(key.id())
            .setSignature("")
            .build();
    return AuditCheckpoint.newBuilder(checkpoint)
        .setSignature(key.sign(content(checkpoint)))
        .build();
  }

  static String line(AuditCheckpoint checkpoint) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("sequence", checkpoint.getSequence())
            .put("created_at", checkpoint.getCreatedAt().toString())
            .put("previous", checkpoint.getPrevious())
            .put("key_id", checkpoint.getKeyId())
            .put("signature", checkpoint.getSignature());
    return line.<ObjectNode>set("heads", heads(checkpoint.getHeads())).toString();
  }

  static JsonNode heads(List<ChainHead> heads) {
    var array = JSON.createArrayNode();
    for (ChainHead head : heads) {
      array
          .addObject()
          .put("topic", head.getTopic())
          .put("partition", head.getPartition())
          .put("offset", head.getOffset())
          .put("hash", head.getHash());
    }
    return array;
  }

  /**
   * Reads a line of the file.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static AuditCheckpoint parse(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      return AuditCheckpoint.newBuilder()
          .setSequence(json.required("sequence").longValue())
          .setCreatedAt(Instant.parse(json.required("created_at").asText()))
          .setHeads(heads(json.required("heads")))
          .setPrevious(json.required("previous").asText())
          .setKeyId(json.required("key_id").asText())
          .setSignature(json.required("signature").asText())
          .build();
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IllegalArgumentException("expected a checkpoint, found " + line, e);
    }
  }

  static List<ChainHead> heads(JsonNode array) {
    List<ChainHead> heads = new ArrayList<>();
    for (JsonNode head : array) {
      heads.add(
          ChainHead.newBuilder()
              .setTopic(head.required("topic").asText())
              .setPartition(head.required("partition").intValue())
              .setOffset(head.required("offset").longValue())
              .setHash(head.required("hash").asText())
              .build());
    }
    return heads;
  }
}
