package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.client.Agents;
import dev.millrace.client.DeadLetters;
import dev.millrace.client.EventStream;
import dev.millrace.client.Events;
import dev.millrace.client.Knowledge;
import dev.millrace.client.MillraceClient;
import dev.millrace.client.MillraceException;
import dev.millrace.client.NewTask;
import dev.millrace.client.ServerEvent;
import dev.millrace.client.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Java client against the running gateway. */
@ExtendWith(WithMillrace.class)
class ClientIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static MillraceClient client(Millrace millrace) {
    return MillraceClient.at(millrace.gateway().uri()).apiKey(millrace.gateway().apiKey()).build();
  }

  @Test
  void aTaskIsAskedForFollowedAndReadWithItsRunAndItsLog(Millrace millrace) {
    // given
    MillraceClient client = client(millrace);
    NewTask wanted =
        NewTask.of("summary", "Sum it up.").in(Millrace.DOCUMENTS_REPOSITORY, null, null);

    // when
    Tasks.Accepted accepted = client.tasks().submit(wanted, "client-it-1");
    Tasks.Accepted again = client.tasks().submit(wanted, "client-it-1");
    List<String> followed = new ArrayList<>();
    try (EventStream events = client.tasks().follow(accepted.taskId())) {
      while (events.hasNext()) {
        ServerEvent event = events.next();
        followed.add(event.data().path("event_type").asText());
      }
    }

    // then
    assertThat(again.taskId()).isEqualTo(accepted.taskId());
    Tasks.Task task = client.tasks().awaitEnd(accepted.taskId(), PATIENCE);
    assertThat(task.status()).isEqualTo("completed");
    assertThat(followed).contains("task_created", "task_completed");
    Agents.Agent run =
        client
            .agents()
            .list(new Agents.Filter(null, null, task.taskId()), 10, Optional.empty())
            .items()
            .getFirst();
    assertThat(run.status()).isEqualTo("completed");
    try (EventStream log = client.agents().followLogs(run.id())) {
      assertThat(log.next().data().path("content").asText()).contains("offline");
    }
    assertThat(client.tasks().list(Tasks.Filter.ALL, 1, Optional.empty()).items()).hasSize(1);
  }

  @Test
  void everythingElseAnswersInItsType(Millrace millrace) {
    MillraceClient client = client(millrace);

    Events.Created created = client.events().create("client.tested", "client-it", Map.of("n", 1));

    eventually()
        .untilAsserted(() ->
            assertThat(client.events().get(created.eventId()).eventType())
                .isEqualTo("client.tested"));
    assertThat(client.events().markProcessed(created.eventId()).processed()).isTrue();
    assertThat(client.queues().status("claude", 10, Optional.empty()).queues()).isNotNull();
    assertThat(client.queues().change("javari", Map.of("max_concurrent", 1)).success()).isTrue();
    assertThat(client.queues().settings("javari").path("max_concurrent").isInt()).isTrue();
    assertThat(client.agents().analytics(7).path("days").asInt()).isEqualTo(7);
    assertThat(client.github().status().authenticated()).isFalse();
    assertThat(client.knowledge().search("mill", 3, "hybrid", Knowledge.Filter.ALL).mode())
        .isEqualTo("hybrid");
    assertThat(client.knowledge().ask("When is the mill open?").mode()).startsWith("offline");
    assertThat(client.deadLetters().list(DeadLetters.Filter.ALL, 5, Optional.empty()).items())
        .isNotNull();
    assertThat(client.replays().list(5).isObject()).isTrue();
    assertThat(client.health().details().status()).isEqualTo("ok");
    assertThat(client.health().projects().isArray()).isTrue();
  }

  @Test
  void whatIsNotThereOrNotAllowedSaysSo(Millrace millrace) {
    assertThatThrownBy(() -> client(millrace).tasks().get("nobody"))
        .isInstanceOfSatisfying(
            MillraceException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(404);
              assertThat(refused.type()).startsWith("urn:millrace:problem:");
            });
    assertThatThrownBy(() ->
            MillraceClient.at(millrace.gateway().uri())
                .apiKey("wrong")
                .build()
                .tasks()
                .get("nobody"))
        .isInstanceOfSatisfying(
            MillraceException.class, refused -> assertThat(refused.status()).isEqualTo(401));
  }
}
