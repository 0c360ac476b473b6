package dev.millrace.embedding.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.millrace.embedding.index.UnavailableException;
import dev.millrace.runtime.redaction.Secret;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.Priority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JavariNotifierTest {

  private static final PlatformEvent EVENT =
      PlatformEvent.newBuilder()
          .setEventType("blueprint_updated")
          .setSource("updateKnowledge")
          .setPriority(Priority.MEDIUM)
          .setData("{\"repository\":\"acme/docs\",\"file_path\":\"a.md\",\"chunks_added\":5}")
          .build();

  private final List<String> received = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private HttpServer platform;
  private JavariNotifier notifier;

  @BeforeEach
  void start() throws IOException {
    platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    platform.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          received.add(exchange.getRequestHeaders().getFirst("X-API-Key") + " " + body);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    platform.start();
    URI uri = URI.create("http://127.0.0.1:" + platform.getAddress().getPort() + "/events");
    notifier =
        new JavariNotifier(
            "embedding-worker", new JavariEndpoint(uri, Optional.of(new Secret("test-secret"))));
  }

  @AfterEach
  void stop() {
    platform.stop(0);
  }

  private static EventContext from(String app) {
    return EventContext.start(app, TraceContext.start());
  }

  @Test
  void anUpdateIsPostedWithTheKey() throws InterruptedException {
    notifier.handle(EVENT, from("embedding-worker"));

    assertThat(received)
        .containsExactly(
            "test-secret {\"eventType\":\"blueprint_updated\",\"source\":\"updateKnowledge\","
                + "\"priority\":\"medium\",\"data\":{\"repository\":\"acme/docs\","
                + "\"file_path\":\"a.md\",\"chunks_added\":5}}");
  }

  @Test
  void whatTheGatewayGotIsNotPostedAgain() throws InterruptedException {
    notifier.handle(EVENT, from("ingest-gateway"));

    assertThat(received).isEmpty();
  }

  @Test
  void aPlatformThatIsAwayIsTriedAgainAndARefusalIsNot() {
    status = 503;
    assertThatThrownBy(() -> notifier.handle(EVENT, from("embedding-worker")))
        .isInstanceOf(UnavailableException.class);
    status = 422;
    assertThatThrownBy(() -> notifier.handle(EVENT, from("embedding-worker")))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("422");
  }
}
