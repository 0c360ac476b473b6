package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that speaks the Messages API and answers as the agent that the prompt addresses: the
 * starter plans, the coding agent writes a file, the reviewer wants one change, the writer and the
 * director make a video of one scene, everybody else is content.
 */
final class ScriptedTeam implements AutoCloseable {

  /** The file that the coding agent writes. */
  static final String FILE = "opening-hours.md";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ROLE = Pattern.compile("You are the (\\w+)");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> prompts = new ConcurrentHashMap<>();
  private final HttpServer server;

  ScriptedTeam() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The roles that were asked, in order. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** What the agent in a role was asked last. */
  String prompt(String role) {
    return prompts.getOrDefault(role, "");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Matcher found = ROLE.matcher(body);
    String role = found.find() ? found.group(1) : "nobody";
    boolean again = body.contains("tool_result");
    if (!again) {
      prompts.put(role, body);
      asked.add(role);
    }
    String stream = role.equals("coding") && !again ? call() : text(said(role));
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(stream.getBytes(UTF_8));
    exchange.close();
  }

  private String said(String role) {
    return switch (role) {
      case "starter" -> "{\"next\":\"coding\",\"plan\":\"Write " + FILE + ".\"}";
      case "reviewer" ->
          asked.stream().filter("reviewer"::equals).count() == 1
              ? "{\"verdict\":\"changes_requested\",\"summary\":\"Say when it is closed.\"}"
              : "{\"verdict\":\"approved\",\"summary\":\"Fine.\"}";
      case "deployer" -> "{\"verdict\":\"deployed\",\"summary\":\"It is live.\"}";
      case "verifier" -> "Seen:\n```json\n{\"verdict\":\"passed\",\"summary\":\"It works.\"}\n```";
      case "writer" ->
          """
          {"title":"Flour, and how it is made","description":"A minute at the mill.",
           "tags":["mill"],"scenes":[{"narration":"The wind turns.","visual":"A windmill"}]}
          """;
      case "director" ->
          """
          {"shots":[{"scene":1,"image_prompt":"A windmill","motion_prompt":"The sails turn",
           "duration_seconds":5}]}
          """;
      default -> "Done.";
    };
  }

  private String call() {
    ObjectNode block =
        JSON.createObjectNode()
            .put("type", "tool_use")
            .put("id", "toolu_1")
            .put("name", "write_file");
    block.putObject("input");
    ObjectNode arguments =
        JSON.createObjectNode()
            .put("path", FILE)
            .put("content", "# Opening hours\n\nVersion " + asked.size() + "\n");
    ObjectNode delta =
        JSON.createObjectNode()
            .put("type", "input_json_delta")
            .put("partial_json", arguments.toString());
    return message(block, delta, "tool_use");
  }

  private static String text(String text) {
    return message(
        JSON.createObjectNode().put("type", "text").put("text", ""),
        JSON.createObjectNode().put("type", "text_delta").put("text", text),
        "end_turn");
  }

  private static String message(ObjectNode block, ObjectNode delta, String stopReason) {
    ObjectNode start = event("content_block_start").put("index", 0);
    start.set("content_block", block);
    ObjectNode more = event("content_block_delta").put("index", 0);
    more.set("delta", delta);
    ObjectNode end = event("message_delta");
    end.putObject("delta").put("stop_reason", stopReason).putNull("stop_sequence");
    end.putObject("usage").put("output_tokens", 10);
    return sse(begin())
        + sse(start)
        + sse(more)
        + sse(event("content_block_stop").put("index", 0))
        + sse(end)
        + sse(event("message_stop"));
  }

  private static ObjectNode begin() {
    ObjectNode begin = event("message_start");
    ObjectNode message =
        begin
            .putObject("message")
            .put("id", "msg_1")
            .put("type", "message")
            .put("role", "assistant")
            .put("model", "claude-scripted");
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message.putObject("usage").put("input_tokens", 90).put("output_tokens", 1);
    return begin;
  }

  private static ObjectNode event(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private static String sse(ObjectNode event) {
    return "event: %s\ndata: %s\n\n".formatted(event.path("type").asText(), event);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
