package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.audit.Records;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.github.GithubEvent;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.PlanStatus;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import dev.millrace.schemas.remediation.RemediationOutcome;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskStatus;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalystEventsTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

  @Test
  void aStepOfATaskIsNamedAfterIt() throws JsonProcessingException {
    TaskEvent event =
        TaskEvent.newBuilder()
            .setEventId("e1")
            .setTaskId("t1")
            .setType(TaskEventType.COMPLETED)
            .setStatus(TaskStatus.COMPLETED)
            .setPriority(Priority.HIGH)
            .setResult("{\"text\":\"done \\u0000\"}")
            .setOccurredAt(NOW)
            .build();

    AnalystEvent described = only(Topics.TASK_EVENTS, event);

    assertThat(described.type()).isEqualTo("task_completed");
    assertThat(described.taskId()).isEqualTo("t1");
    assertThat(described.priority()).isEqualTo("high");
    assertThat(described.eventId()).isEqualTo("e1");
    assertThat(described.source()).isNull();
    assertThat(data(described).path("result").path("text").asText()).isEqualTo("done \uFFFD");
    assertThat(data(described).has("reason")).isFalse();
  }

  @Test
  void aPushIsAnEventAndSoIsEachOfItsCommits() throws JsonProcessingException {
    GithubEvent push =
        github(
            "push",
            """
            {"before": "a", "after": "c", "commits": [
              {"id": "b", "message": "one", "author": {"name": "Ada"}, "added": ["docs/x.md"]},
              {"id": "c", "message": "two", "modified": ["docs/y.md"]}]}
            """);

    List<AnalystEvent> events = describe(Topics.GITHUB_EVENTS, push);

    assertThat(events)
        .extracting(AnalystEvent::type)
        .containsExactly("github_push", "commit", "commit");
    assertThat(events).extracting(AnalystEvent::eventId).doesNotHaveDuplicates();
    assertThat(data(events.get(0)).path("commits").asInt()).isEqualTo(2);
    assertThat(data(events.get(1)).path("author").asText()).isEqualTo("Ada");
    assertThat(data(events.get(1)).path("added").path(0).asText()).isEqualTo("docs/x.md");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          release      | {"release": {"name": "", "tag_name": "v1", "html_url": "u"}} | v1 |
          check_run    | {"check_run": {"name": "build", "html_url": "u"}} | build |
          workflow_run | {"workflow_run": {"display_title": "CI", "run_number": 7, "html_url": "u"}} | CI | 7
          issues       | {"issue": {"number": 3, "title": "Broken", "html_url": "u"}} | Broken | 3
          """)
  void aDeliverySaysWhatItIsAbout(
      String event, String payload, String title, @Nullable Integer number)
      throws JsonProcessingException {
    JsonNode data = data(only(Topics.GITHUB_EVENTS, github(event, payload)));

    assertThat(data.path("title").asText()).isEqualTo(title);
    assertThat(data.path("url").asText()).isEqualTo("u");
    assertThat(data.has("number") ? data.path("number").asInt() : null).isEqualTo(number);
  }

  @Test
  void aDeliveryWhosePayloadCannotBeReadIsStillAnEvent() {
    assertThat(describe(Topics.GITHUB_EVENTS, github("push", "{broken")))
        .extracting(AnalystEvent::type)
        .containsExactly("github_push");
  }

  @Test
  void aPlatformEventHasItsOwnTypeAndItsDataAsAnObject() throws JsonProcessingException {
    PlatformEvent event =
        PlatformEvent.newBuilder()
            .setEventType("blueprint_updated")
            .setSource("embedding-worker")
            .setData("{\"blueprint\":\"docs/a.md\"}")
            .build();

    AnalystEvent described = only(Topics.PLATFORM_EVENTS, event);

    assertThat(described.type()).isEqualTo("blueprint_updated");
    assertThat(described.source()).isEqualTo("embedding-worker");
    assertThat(data(described).path("blueprint").asText()).isEqualTo("docs/a.md");
    assertThat(
            data(only(
                    Topics.PLATFORM_EVENTS, PlatformEvent.newBuilder(event).setData("[1]").build()))
                .isObject())
        .isTrue();
  }

  @Test
  void aDiagnosisThatFailedSaysWhy() throws JsonProcessingException {
    RemediationDiagnosis diagnosis =
        RemediationDiagnosis.newBuilder()
            .setRequestId("r1")
            .setAnomalyId("a1")
            .setProject("shop")
            .setFailure("scribe answered 500")
            .setAnalyzer("model:scribe")
            .setDiagnosedAt(NOW)
            .build();

    AnalystEvent described = only(Topics.REMEDIATION_DIAGNOSES, diagnosis);

    assertThat(described.type()).isEqualTo("remediation_diagnosed");
    assertThat(data(described).path("failure").asText()).isEqualTo("scribe answered 500");
    assertThat(data(described).has("action")).isFalse();
  }

  @Test
  void anOutcomeIsNamedAfterWhatBecameOfTheCommand() {
    RemediationOutcome outcome =
        RemediationOutcome.newBuilder()
            .setCommandId("c1")
            .setProject("shop")
            .setAction("restart_service")
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setOccurredAt(NOW)
            .build();

    assertThat(only(Topics.REMEDIATION_OUTCOMES, outcome).type())
        .isEqualTo("remediation_succeeded");
  }

  @Test
  void noPlanIsNoEvent() {
    LearningPlan plan =
        LearningPlan.newBuilder()
            .setSessionId("")
            .setRequestId("q1")
            .setUserId("u1")
            .setStatus(PlanStatus.NO_ACTIVE_INTENT)
            .setWeek(1)
            .setDay(1)
            .setCreatedAt(NOW)
            .build();

    assertThat(describe(Topics.LEARNING_PLANS, plan)).isEmpty();
  }

  private static GithubEvent github(String event, String payload) {
    return GithubEvent.newBuilder()
        .setDeliveryId("d1")
        .setEvent(event)
        .setRepository("acme/shop")
        .setPayload(payload)
        .setReceivedAt(NOW)
        .build();
  }

  private static AnalystEvent only(Topic<?> topic, SpecificRecord value) {
    List<AnalystEvent> events = describe(topic, value);
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  private static List<AnalystEvent> describe(Topic<?> topic, SpecificRecord value) {
    return AnalystEvents.of(Records.row(topic, 1, value));
  }

  private static JsonNode data(AnalystEvent event) throws JsonProcessingException {
    return MAPPER.readTree(event.data());
  }
}
