package dev.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace replay}: writes records again, and shows how far it is. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description =
        "Write records again that the audit mirror or Kafka has: to their topics, to another topic"
            + " or to a file. They keep their identity and carry a replay id; what follows from"
            + " them has no side effects unless --effect names them.",
    footer = {
      "",
      "  ./millrace replay --topic task.requests --from 2026-01-23T00:00:00Z --dry-run",
      "  ./millrace replay --trace 4bf92f3577b34da6a3ce929d0e0e4736 --to-file trace.jsonl",
      "  ./millrace replay --topic agent.events --sql \"payload ->> 'agent' = 'claude'\" \\",
      "    --to-topic rehearsal.events --create-topic --reason 'try the new consumer'",
      "  ./millrace replay --list",
      "  ./millrace replay --watch ID | --cancel ID",
      "",
      "Interrupted, the command stops watching and the replay goes on; --watch shows it again."
    })
public final class ReplayCommand implements Callable<Integer> {

  private static final String PATH = "/api/replays";

  private static final Duration POLL_INTERVAL = Duration.ofMillis(300);

  private static final Duration APPEARS_WITHIN = Duration.ofSeconds(30);

  /** Options by the fields of the request that they were sent in. */
  private final Map<String, String> options = new HashMap<>();

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic; may be given again.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      defaultValue = "mirror",
      description = "mirror, or topic for what Kafka still has (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String source;

  @Option(names = "--partition", paramLabel = "N", description = "Partition.")
  private @Nullable Integer partition;

  @Option(names = "--from-offset", paramLabel = "N", description = "First offset.")
  private @Nullable Long fromOffset;

  @Option(names = "--to-offset", paramLabel = "N", description = "Last offset.")
  private @Nullable Long toOffset;

  @Option(names = "--from", paramLabel = "TIME", description = "From this time on.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Before this time.")
  private @Nullable String to;

  @Option(names = "--key", paramLabel = "KEY", description = "Record key.")
  private @Nullable String key;

  @Option(names = "--event", paramLabel = "ID", description = "Identity of the event.")
  private @Nullable String event;

  @Option(names = "--trace", paramLabel = "ID", description = "Trace.")
  private @Nullable String trace;

  @Option(names = "--type", paramLabel = "TYPE", description = "CloudEvents type.")
  private @Nullable String type;

  @Option(names = "--sql", paramLabel = "SQL", description = "Condition on audit.records.")
  private @Nullable String sql;

  @Option(
      names = "--to-topic",
      paramLabel = "TOPIC",
      description = "Write to this topic; see --create-topic.")
  private @Nullable String toTopic;

  @Option(names = "--create-topic", description = "Make the topic if it is not there.")
  private boolean createTopic;

  @Option(names = "--to-file", paramLabel = "FILE", description = "Write JSON lines here.")
  private @Nullable Path toFile;

  @Option(names = "--rate", paramLabel = "N", description = "Records a second at most.")
  private @Nullable Integer rate;

  @Option(names = "--max", paramLabel = "N", description = "Records at most.")
  private @Nullable Long max;

  @Option(
      names = "--effect",
      paramLabel = "NAME",
      description =
          "Allow a side effect: model-calls, commits, remediations or notifications; may be given"
              + " again.")
  private List<String> effects = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only count, and show a sample.")
  private boolean dryRun;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "asked for on the command line",
      description = "Why, for the record.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String reason;

  @Option(names = "--list", description = "List the replays.")
  private boolean list;

  @Option(names = "--watch", paramLabel = "ID", description = "Show a replay until it ends.")
  private @Nullable String watch;

  @Option(names = "--cancel", paramLabel = "ID", description = "End a replay where it is.")
  private @Nullable String cancel;

  @Parameters(hidden = true)
  private List<String> unexpected = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (!unexpected.isEmpty()) {
      throw new StackException("replay takes options only, not " + unexpected);
    }
    GatewayClient gateway = new GatewayClient(data.path, this::option);
    if (list) {
      print(gateway.get(PATH).path("replays"));
      return 0;
    }
    if (cancel != null) {
      gateway.post(GatewayClient.path(PATH, cancel) + "/cancel", said());
      return watch(gateway, cancel);
    }
    if (watch != null) {
      JsonNode _ = gateway.get(GatewayClient.path(PATH, watch));
      return watch(gateway, watch);
    }
    requireWritable();
    String id = gateway.post(PATH, request()).path("replay_id").asText();
    Console.say("replay " + id);
    return watch(gateway, id);
  }

  /** The option that a field was given by: of an element of a list, that of the list. */
  private String option(String pointer) {
    String[] parts = pointer.split("/", 3);
    return parts.length < 2 ? pointer : options.getOrDefault(parts[1], pointer);
  }

  /** Found out before the replay rather than after it. */
  private void requireWritable() {
    if (toFile != null) {
      Path folder = toFile.toAbsolutePath().getParent();
      if (Files.isDirectory(toFile) || folder == null || !Files.isWritable(folder)) {
        throw new StackException(
            "--to-file: expected a file in a folder that can be written to, found " + toFile);
      }
    }
  }

  private ObjectNode said() {
    ObjectNode body =
        GatewayClient.MAPPER.createObjectNode().put("by", System.getProperty("user.name"));
    put(body, "reason", "--reason", reason);
    return body;
  }

  private ObjectNode request() {
    if (toTopic != null && toFile != null) {
      throw new StackException("expected --to-topic or --to-file, found both");
    }
    ObjectNode body = said();
    put(body, "source", "--source", source);
    put(body, "dryRun", "--dry-run", dryRun);
    put(body, "topics", "--topic", topics);
    put(body, "effects", "--effect", effects);
    put(body, "partition", "--partition", partition);
    put(body, "fromOffset", "--from-offset", fromOffset);
    put(body, "toOffset", "--to-offset", toOffset);
    put(body, "from", "--from", from);
    put(body, "to", "--to", to);
    put(body, "key", "--key", key);
    put(body, "eventId", "--event", event);
    put(body, "traceId", "--trace", trace);
    put(body, "eventType", "--type", type);
    put(body, "sql", "--sql", sql);
    put(body, "targetTopic", "--to-topic", toTopic);
    put(body, "createTopic", "--create-topic", createTopic);
    put(body, "rateLimit", "--rate", rate);
    put(body, "maxRecords", "--max", max);
    return body.put("target", toTopic != null ? "topic" : toFile != null ? "file" : "same_topic");
  }

  private void put(ObjectNode body, String field, String option, @Nullable Object value) {
    if (value != null) {
      options.put(field, option);
      body.set(field, GatewayClient.MAPPER.valueToTree(value));
    }
  }

  private int watch(GatewayClient gateway, String id) throws InterruptedException, IOException {
    ProgressLine progress = new ProgressLine(System.err, isTerminal());
    JsonNode replay = appeared(gateway, id);
    while (isGoingOn(replay)) {
      progress.show(replay);
      Thread.sleep(POLL_INTERVAL);
      replay = gateway.get(GatewayClient.path(PATH, id));
    }
    progress.end(replay);
    return result(replay);
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
  }

  /** The sink takes a replay up in a moment; until then the gateway knows of none. */
  private static JsonNode appeared(GatewayClient gateway, String id) throws InterruptedException {
    long deadline = System.nanoTime() + APPEARS_WITHIN.toNanos();
    while (true) {
      try {
        return gateway.get(GatewayClient.path(PATH, id));
      } catch (StackException e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        Thread.sleep(POLL_INTERVAL);
      }
    }
  }

  private static boolean isGoingOn(JsonNode replay) {
    String status = replay.path("status").asText();
    return status.equals("pending") || status.equals("running");
  }

  private int result(JsonNode replay) throws IOException {
    String status = replay.path("status").asText();
    System.out.printf(
        "replay %s: %s, %d matched, %d written%n",
        replay.path("replay_id").asText(),
        status,
        replay.path("matched").asLong(),
        replay.path("written").asLong());
    long redacted = replay.path("redacted").asLong();
    if (redacted > 0) {
      Console.say(
          redacted + " more match that were redacted in the mirror: only --to-file writes them");
    }
    if (status.equals("completed") && replay.path("matched").asLong() + redacted == 0) {
      Console.say("nothing matched; ./millrace topics lists the topics");
    }
    if (dryRun) {
      for (JsonNode sample : replay.path("sample")) {
        System.out.println(sample);
      }
    }
    if (status.equals("failed")) {
      Console.say(replay.path("error").asText());
      return 1;
    }
    if (status.equals("completed") && !dryRun) {
      fetch(replay.path("file").asText(null));
    }
    return 0;
  }

  /** Brings the file of a replay, if it has one, to where it was asked for. */
  private void fetch(@Nullable String file) throws IOException {
    if (file == null) {
      if (toFile != null) {
        throw new StackException("--to-file: this replay wrote to no file");
      }
      return;
    }
    Path written = data.path.resolve("audit").resolve(file);
    if (toFile != null) {
      Files.move(written, toFile, StandardCopyOption.REPLACE_EXISTING);
    }
    System.out.println(toFile == null ? written : toFile);
  }

  private static void print(JsonNode replays) {
    String format = "%-36s  %-9s  %10s  %10s  %-20s  %s%n";
    System.out.printf(format, "REPLAY", "STATUS", "MATCHED", "WRITTEN", "REQUESTED", "BY");
    for (JsonNode replay : replays) {
      System.out.printf(
          format,
          replay.path("replay_id").asText(),
          replay.path("status").asText(),
          replay.path("matched").asText(),
          replay.path("written").asText(),
          replay.path("requested_at").asText().replaceAll("[.+].*", ""),
          replay.path("requested_by").asText());
    }
  }
}
