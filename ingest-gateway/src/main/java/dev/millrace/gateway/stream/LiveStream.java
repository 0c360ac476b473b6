package dev.millrace.gateway.stream;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.auth.Token;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Reply;
import dev.millrace.gateway.http.Route;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The live stream as server-sent events, and the tokens that let a browser follow it. */
public final class LiveStream {

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
        Route.post("/api/events/stream-token", this::token));
  }

  private Reply stream(Call call) {
    access.stream(call);
    LiveEvents.Client client = events.connect(topics(call));
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
