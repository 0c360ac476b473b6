package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that speaks the Messages API: it calls a tool for a number of rounds, then answers. Each
 * call uses 100 tokens.
 */
final class ScriptedModel implements AutoCloseable {

  private static final String START =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
      "model":"claude-scripted","content":[],"stop_reason":null,"stop_sequence":null,\
      "usage":{"input_tokens":90,"output_tokens":1}}}

      """;

  private static final String TOOL_CALL =
      """
      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"TOOL","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":ARGUMENTS}}

      """;

  private static final String TEXT =
      """
      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"It is done."}}

      """;

  private static final String END =
      """
      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":10}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private final int toolRounds;
  private final String toolCall;
  private final AtomicInteger calls = new AtomicInteger();
  private final HttpServer server;

  /** Lists files. */
  ScriptedModel(int toolRounds) throws IOException {
    this(toolRounds, "list_files", "{\"prefix\": \"\"}");
  }

  /**
   * @param tool name of the tool that it calls
   * @param arguments what it calls it with, as JSON
   */
  ScriptedModel(int toolRounds, String tool, String arguments) throws IOException {
    this.toolRounds = toolRounds;
    this.toolCall =
        TOOL_CALL.replace("TOOL", tool).replace("ARGUMENTS", new TextNode(arguments).toString());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    boolean tool = calls.incrementAndGet() <= toolRounds;
    String body =
        tool
            ? START + toolCall + END.formatted("tool_use")
            : START + TEXT + END.formatted("end_turn");
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(body.getBytes(UTF_8));
    exchange.close();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int calls() {
    return calls.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
