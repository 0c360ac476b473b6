package dev.millrace.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace dead-letters}: what could not be processed, and what becomes of it. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description = "List, show, send back or discard records that could not be processed.",
    footer = {
      "",
      "  ./millrace dead-letters list --app task-router",
      "  ./millrace dead-letters show 2-17",
      "  ./millrace dead-letters show 2-17 --value > fixed.json    # then edit it",
      "  ./millrace dead-letters send-back 2-17 --value fixed.json --reason 'misspelled'",
      "  ./millrace dead-letters discard --error undecodable --reason 'a test'"
    },
    subcommands = {
      DeadLettersCommand.ListLetters.class,
      DeadLettersCommand.ShowLetter.class,
      DeadLettersCommand.SendBack.class,
      DeadLettersCommand.Discard.class
    })
public final class DeadLettersCommand {

  private static final String PATH = "/api/dead-letters";

  private static GatewayClient gateway(DataOption data) {
    return new GatewayClient(data.path, DeadLettersCommand::option);
  }

  /** The option that a field was given by; fields of a corrected value stay as they are. */
  private static String option(String field) {
    return switch (field) {
      case "/filter" -> "an id, or --topic, --app, --error, --since or --until";
      case String value when value.startsWith("/value") -> value;
      default -> "--" + field.substring(field.lastIndexOf('/') + 1);
    };
  }

  /** Which letters, by what they say. */
  static final class FilterOptions {
    @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic of the record.")
    private @Nullable String topic;

    @Option(names = "--app", paramLabel = "APP", description = "App that failed.")
    private @Nullable String app;

    @Option(names = "--error", paramLabel = "KIND", description = "Kind of failure.")
    private @Nullable String error;

    @Option(names = "--since", paramLabel = "TIME", description = "Given up from this time on.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Given up before this time.")
    private @Nullable String until;

    Map<String, String> given() {
      Map<String, String> given = new LinkedHashMap<>();
      put(given, "topic", topic);
      put(given, "app", app);
      put(given, "error", error);
      put(given, "since", since);
      put(given, "until", until);
      return given;
    }

    private static void put(Map<String, String> given, String name, @Nullable String value) {
      if (value != null) {
        given.put(name, value);
      }
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List dead letters, the newest first.")
  static final class ListLetters extends DataCommand {
    private static final String FORMAT = "%-10s  %-9s  %-24s  %-18s  %-14s  %s%n";

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private FilterOptions filter;

    @Option(
        names = "--status",
        defaultValue = "open",
        description = "open, sent_back, discarded or all (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private String status;

    @Option(
        names = "--limit",
        defaultValue = "50",
        description = "Letters at most (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
      Map<String, String> query = filter.given();
      query.put("status", status);
      query.put("limit", Integer.toString(limit));
      String text =
          query.entrySet().stream()
              .map(entry ->
                  entry.getKey()
                      + "="
                      + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
              .collect(Collectors.joining("&"));
      JsonNode page = gateway(data).get(PATH + "?" + text);
      System.out.printf(FORMAT, "ID", "STATUS", "TOPIC", "APP", "ERROR", "REASON");
      for (JsonNode letter : page.path("dead_letters")) {
        System.out.printf(
            FORMAT,
            letter.path("id").asText(),
            letter.path("status").asText(),
            letter.path("topic").asText(),
            letter.path("app").asText(),
            letter.path("error").asText(),
            letter.path("reason").asText());
      }
      return 0;
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a dead letter: its record, the reason, what was decided.")
  static final class ShowLetter extends DataCommand {
    @Parameters(paramLabel = "ID", description = "For example 2-17.")
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private String id;

    @Option(names = "--value", description = "Only the value, to correct it in a file.")
    private boolean valueOnly;

    @Override
    public Integer call() throws InterruptedException {
      JsonNode letter = gateway(data).get(GatewayClient.path(PATH, id));
      if (valueOnly && letter.path("value").isNull()) {
        throw new StackException(
            "the value cannot be shown: " + letter.path("value_error").asText("there is none"));
      }
      System.out.println((valueOnly ? letter.path("value") : letter).toPrettyString());
      return 0;
    }
  }

  /** What both decisions have. */
  abstract static class Decision extends DataCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private FilterOptions filter;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "One letter; else a filter.")
    private @Nullable String id;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        required = true,
        description = "Why, for the record.")
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private String reason;

    int decide(String action, @Nullable JsonNode value) throws InterruptedException {
      GatewayClient gateway = gateway(data);
      ObjectNode body =
          GatewayClient.MAPPER
              .createObjectNode()
              .put("reason", reason)
              .put("by", System.getProperty("user.name"));
      Map<String, String> given = filter.given();
      if (id != null) {
        if (!given.isEmpty()) {
          throw new StackException("expected an id or a filter, found both");
        }
        if (value != null) {
          body.set("value", value);
        }
        System.out.println(gateway.post(GatewayClient.path(PATH, id) + "/" + action, body));
        return 0;
      }
      if (value != null) {
        throw new StackException("a corrected value needs the id of its letter");
      }
      given.forEach(body.putObject("filter")::put);
      System.out.println(gateway.post(PATH + "/" + action, body));
      return 0;
    }
  }

  @Command(
      name = "send-back",
      mixinStandardHelpOptions = true,
      description = "Write the record to its topic again, corrected or as it was.")
  static final class SendBack extends Decision {
    @Option(
        names = "--value",
        paramLabel = "FILE",
        description = "Corrected value as JSON; it is checked against the topic's schema.")
    private @Nullable Path value;

    @Override
    public Integer call() throws InterruptedException, IOException {
      return decide("send-back", value == null ? null : read(value));
    }

    private static JsonNode read(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        JsonNode value = GatewayClient.MAPPER.readTree(in);
        if (!value.isObject()) {
          throw new StackException("--value: expected a JSON object in " + file);
        }
        return value;
      } catch (JsonProcessingException e) {
        throw new StackException(
            "--value: expected JSON in %s: %s (line %d, column %d)"
                .formatted(
                    file,
                    e.getOriginalMessage(),
                    e.getLocation().getLineNr(),
                    e.getLocation().getColumnNr()),
            e);
      }
    }
  }

  @Command(name = "discard", mixinStandardHelpOptions = true, description = "Give the record up.")
  static final class Discard extends Decision {
    @Override
    public Integer call() throws InterruptedException {
      return decide("discard", null);
    }
  }
}
