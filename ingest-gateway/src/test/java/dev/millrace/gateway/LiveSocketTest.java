package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.API_KEY;
import static dev.millrace.gateway.GatewayFixture.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.gateway.stream.LiveEvent;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The live stream over a WebSocket. */
class LiveSocketTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  private final Heard heard = new Heard();

  /** What came over a socket. */
  private static final class Heard implements WebSocket.Listener {

    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        messages.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(status);
      return null;
    }
  }

  @Test
  void eventsOfTheTopicsThatAreWantedComeAsMessages() {
    // given
    open("?topics=health.statuses", "X-API-Key", API_KEY);

    // when
    gateway.gateway.liveEvents().publish(event("task.events", "{\"a\":0}"));
    gateway.gateway.liveEvents().publish(event("health.statuses", "{\"a\":1}"));

    // then
    await().until(() -> !heard.messages.isEmpty());
    assertThat(heard.messages).containsExactly("{\"a\":1}");
  }

  @Test
  void aTokenForTheStreamOpensIt() {
    // given
    String token =
        gateway.postWithKey("/api/events/stream-token", "{}").json().get("access_token").asString();

    // when
    WebSocket socket = open("?access_token=" + token, "X-Nothing", "x");

    // then
    assertThat(socket.isInputClosed()).isFalse();
  }

  @Test
  void whoIsNotLetInLearnsWhy() {
    String learner = bearer("learner-1").substring("Bearer ".length());

    assertThat(refusal("", "X-API-Key", "wrong")).isEqualTo(401);
    assertThat(refusal("?access_token=" + learner, "X-Nothing", "x")).isEqualTo(403);
    assertThat(refusal("?topics=learning.intents", "X-API-Key", API_KEY)).isEqualTo(400);
    assertThat(gateway.getWithKey("/api/events/ws").status()).isEqualTo(426);
    assertThat(gateway.gateway.liveEvents().isWatched()).isFalse();
  }

  @Test
  void aClientThatTalksIsDisconnected() {
    // given
    WebSocket socket = open("", "X-API-Key", API_KEY);

    // when
    socket.sendText("hello", true).join();

    // then
    assertThat(heard.closed.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(1003);
    await().until(() -> !gateway.gateway.liveEvents().isWatched());
  }

  @Test
  void aClientThatGoesIsForgottenAndItsGoodbyeReturned() {
    // given
    WebSocket socket = open("", "X-API-Key", API_KEY);

    // when
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();

    // then
    assertThat(heard.closed.orTimeout(20, TimeUnit.SECONDS).join())
        .isEqualTo(WebSocket.NORMAL_CLOSURE);
    await().until(() -> !gateway.gateway.liveEvents().isWatched());
  }

  /** The wait fails with what a thread of the server throws meanwhile and nobody catches. */
  @Test
  void aClientThatVanishesIsForgottenWithTheNextEvents() {
    // given
    WebSocket socket = open("", "X-API-Key", API_KEY);

    // when
    socket.abort();

    // then
    await()
        .until(() -> {
          gateway.gateway.liveEvents().publish(event("task.events", "{\"a\":0}"));
          return !gateway.gateway.liveEvents().isWatched();
        });
  }

  @Test
  void clientsAreToldWhenTheStreamEnds() {
    // given
    open("", "X-API-Key", API_KEY);

    // when
    gateway.gateway.liveEvents().close();

    // then
    assertThat(heard.closed.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(1013);
  }

  private static LiveEvent event(String topic, String json) {
    return LiveEvent.of(topic, topic + "/0/7", json);
  }

  private WebSocket open(String query, String header, String value) {
    WebSocket socket = connect(query, header, value).join();
    await().until(() -> gateway.gateway.liveEvents().isWatched());
    return socket;
  }

  private int refusal(String query, String header, String value) {
    try {
      connect(query, header, value).join();
      throw new AssertionError("let in");
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  private CompletableFuture<WebSocket> connect(String query, String header, String value) {
    URI http = gateway.uri("/api/events/ws" + query);
    return gateway
        .http()
        .newWebSocketBuilder()
        .header(header, value)
        .buildAsync(URI.create(http.toString().replaceFirst("^http", "ws")), heard);
  }
}
