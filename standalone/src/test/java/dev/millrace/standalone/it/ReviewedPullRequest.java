package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** GitHub's API, as far as reviewing pull request 7 of {@value #REPOSITORY} needs it. */
final class ReviewedPullRequest implements AutoCloseable {

  static final String REPOSITORY = "acme/site";

  /** A line that the pull request adds. */
  static final String ADDED = "The mill is open.";

  private static final String DIFF =
      """
      diff --git a/hours.md b/hours.md
      --- a/hours.md
      +++ b/hours.md
      @@ -1 +1,2 @@
       # Hours
      +%s
      """
          .formatted(ADDED);

  private static final String DESCRIPTION =
      """
      {"number":7,"title":"Hours","state":"open","html_url":"https://github.example/acme/site/pull/7",
       "user":{"login":"octocat"},"head":{"ref":"hours","sha":"s1"},"base":{"ref":"main"}}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> reviews = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  ReviewedPullRequest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The reviews that were posted, as they were asked for. */
  List<JsonNode> reviews() {
    return List.copyOf(reviews);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    String answer;
    if (path.equals("/user")) {
      answer = "{\"login\":\"millrace-bot\"}";
    } else if (path.contains("/compare/")) {
      answer = DIFF;
    } else if (path.endsWith("/reviews")) {
      answer = body.length == 0 ? reviews.toString() : posted(body);
    } else {
      answer = DESCRIPTION;
    }
    byte[] bytes = answer.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String posted(byte[] body) throws IOException {
    ObjectNode review = (ObjectNode) JSON.readTree(body);
    review.put("state", "CHANGES_REQUESTED").put("html_url", "https://github.example/review");
    review.putObject("user").put("login", "millrace-bot");
    reviews.add(review);
    return review.toString();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
