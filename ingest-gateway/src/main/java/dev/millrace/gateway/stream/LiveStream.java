package dev.millrace.gateway.stream;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.auth.Token;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Reply;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.http.SocketRoute;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The live stream as server-sent events or over a WebSocket, and the tokens that let a browser
 * follow it.
 */
public final class LiveStream {

  private static final String SOCKET_PATH = "/api/events/ws";

  private final Access access;
  private final LiveEvents events;
  private final Duration tokenLifetime;

  public LiveStream(Access access, LiveEvents events, Duration tokenLifetime) {
    this.access = access;
    this.events = events;
    this.tokenLifetime = tokenLifetime;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/events/stream", this::stream),
        Route.get(SOCKET_PATH, this::withoutUpgrade),
        Route.post("/api/events/stream-token", this::token));
  }

  /** The same events over a WebSocket. */
  public SocketRoute socket() {
    return new SocketRoute(SOCKET_PATH, call -> new LiveSocket(connect(call)));
  }

  /** What is not upgraded learns why: who calls, or what for, is refused as for the stream. */
  private Answer withoutUpgrade(Call call) {
    connect(call).disconnect();
    throw ProblemException.of(
        426, "upgrade-required", "A WebSocket is needed", "expected Upgrade: websocket");
  }

  private LiveEvents.Client connect(Call call) {
    access.stream(call);
    return events.connect(topics(call));
  }

  private Reply stream(Call call) {
    LiveEvents.Client client = connect(call);
    return Reply.Stream.ofEvents(client::write, client::disconnect);
  }

  private Answer token(Call call) {
    String client = access.operator(call);
    return Answer.ok(
        Json.object()
            .put("access_token", access.tokens().issue(client, Set.of(Token.STREAM), tokenLifetime))
            .put("token_type", "Bearer")
            .put("expires_in", tokenLifetime.toSeconds()));
  }

  private static Set<String> topics(Call call) {
    Set<String> topics =
        call.query("topics").stream()
            .flatMap(list -> Arrays.stream(list.split(",")))
            .map(String::strip)
            .filter(topic -> !topic.isEmpty())
            .collect(Collectors.toSet());
    for (String topic : topics) {
      if (!LiveEventReader.TOPICS.contains(topic)) {
        throw ProblemException.invalid(
            "topics", "expected some of %s, found '%s'".formatted(LiveEventReader.TOPICS, topic));
      }
    }
    return topics;
  }
}
