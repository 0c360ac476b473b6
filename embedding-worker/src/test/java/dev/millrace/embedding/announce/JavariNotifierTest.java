package dev.millrace.embedding.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedding.index.UnavailableException;
import dev.millrace.fixture.FakeApi;
import dev.millrace.runtime.redaction.Secret;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.Priority;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JavariNotifierTest {

  private static final PlatformEvent EVENT =
      PlatformEvent.newBuilder()
          .setEventType("blueprint_updated")
          .setSource("updateKnowledge")
          .setPriority(Priority.MEDIUM)
          .setData("{\"repository\":\"acme/docs\",\"file_path\":\"a.md\",\"chunks_added\":5}")
          .build();

  private final FakeApi platform = new FakeApi();
  private final JavariNotifier notifier =
      new JavariNotifier(
          "embedding-worker",
          new JavariEndpoint(
              platform.uri().resolve("/events"), Optional.of(new Secret("test-secret"))));

  @AfterEach
  void stop() {
    platform.close();
  }

  private static EventContext from(String app) {
    return EventContext.start(app, TraceContext.start());
  }

  @Test
  void anUpdateIsPostedWithTheKey() throws InterruptedException {
    platform.answer(FakeApi.status(200, ""));

    notifier.handle(EVENT, from("embedding-worker"));

    assertThat(platform.requests).hasSize(1);
    assertThat(platform.requests.getFirst().headers().getFirst("X-API-Key"))
        .isEqualTo("test-secret");
    assertThat(platform.requests.getFirst().body())
        .isEqualTo(
            "{\"eventType\":\"blueprint_updated\",\"source\":\"updateKnowledge\","
                + "\"priority\":\"medium\",\"data\":{\"repository\":\"acme/docs\","
                + "\"file_path\":\"a.md\",\"chunks_added\":5}}");
  }

  @Test
  void whatTheGatewayGotIsNotPostedAgain() throws InterruptedException {
    notifier.handle(EVENT, from("ingest-gateway"));

    assertThat(platform.requests).isEmpty();
  }

  @Test
  void aPlatformThatIsAwayIsTriedAgainAndARefusalIsNot() {
    platform.answerInTurn(FakeApi.status(503, ""), FakeApi.status(422, ""));
    assertThatThrownBy(() -> notifier.handle(EVENT, from("embedding-worker")))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> notifier.handle(EVENT, from("embedding-worker")))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("422");
  }
}
