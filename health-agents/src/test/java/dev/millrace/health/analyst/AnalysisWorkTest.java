package dev.millrace.health.analyst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.fixture.FakeApi;
import dev.millrace.fixture.ModelApi;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.runtime.usage.ModelCall;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnalysisWorkTest {

  private static final Instant NOW = Instant.parse("2026-01-19T15:00:00Z");
  private static final ModelApi PROVIDER = ModelApi.ANTHROPIC;

  private final FakeApi api = new FakeApi();
  private final MockProducer<String, SpecificRecord> producer =
      new MockProducer<>(true, null, new StringSerializer(), (_, _) -> new byte[0]);
  private final EventPublisher publisher = new EventPublisher("health-agents", () -> producer);
  private final TraceContext trace = TraceContext.start();
  private boolean isOnRecord;
  private Instant now = NOW;

  @BeforeEach
  void start() {
    publisher.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void theDiagnosisIsWrittenInTheTraceOfItsRequest() throws InterruptedException {
    api.answer(PROVIDER.says(Requests.GOOD));

    process();

    RemediationDiagnosis diagnosis = onlyDiagnosis();
    assertThat(diagnosis.getRequestId()).isEqualTo("r-1");
    assertThat(diagnosis.getAction()).isEqualTo("clear_cache");
    assertThat(diagnosis.getConfidence()).isEqualTo(0.9);
    assertThat(diagnosis.getReasoning()).isEqualTo("Memory only grows.");
    assertThat(diagnosis.getFailure()).isNull();
    assertThat(diagnosis.getAnalyzer()).isEqualTo("model:scribe");
    assertThat(EventHeaders.text(written().getFirst().headers(), EventHeaders.TRACEPARENT))
        .hasValueSatisfying(parent -> assertThat(parent).contains(trace.traceId()));
  }

  @Test
  void whyThereIsNoneIsWrittenAsWell() throws InterruptedException {
    api.answer(FakeApi.status(401, "{}"));

    process();

    RemediationDiagnosis diagnosis = onlyDiagnosis();
    assertThat(diagnosis.getFailure()).isEqualTo("scribe answered 401");
    assertThat(diagnosis.getAction()).isNull();
    assertThat(diagnosis.getConfidence()).isNull();
  }

  @Test
  void nothingToDoIsADiagnosisWithoutAnAction() throws InterruptedException {
    api.answer(PROVIDER.says(Requests.GOOD.replace("clear_cache", "none")));

    process();

    assertThat(onlyDiagnosis().getAction()).isNull();
    assertThat(onlyDiagnosis().getConfidence()).isEqualTo(0.9);
  }

  @Test
  void aRequestWhoseDiagnosisIsOnRecordIsNotAskedForAgain() throws InterruptedException {
    isOnRecord = true;

    process();

    assertThat(api.requests).isEmpty();
    assertThat(written()).isEmpty();
  }

  @Test
  void aRequestWhoseTimeIsOverIsPassedOver() throws InterruptedException {
    now = NOW.plusSeconds(61);

    process();

    assertThat(api.requests).isEmpty();
    assertThat(written()).isEmpty();
  }

  @Test
  void aRequestWithTimesThatCannotBeIsRefused() {
    RemediationAnalysisRequest request = request();
    RemediationAnalysisRequest endless =
        RemediationAnalysisRequest.newBuilder(request)
            .setAnswerBy(Instant.ofEpochMilli(Long.MAX_VALUE))
            .build();
    RemediationAnalysisRequest early =
        RemediationAnalysisRequest.newBuilder(request)
            .setRequestedAt(Instant.ofEpochMilli(Long.MIN_VALUE))
            .build();

    assertThatThrownBy(() -> process(endless))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("answer_by");
    assertThatThrownBy(() -> process(early))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("requested_at");
    assertThat(api.requests).isEmpty();
  }

  @Test
  void aFinishedCallIsNotMadeAgainWhileItsDiagnosisCannotBeWritten() throws InterruptedException {
    api.answer(PROVIDER.says(Requests.GOOD));
    producer.sendException = new NetworkException("no broker");

    process();

    assertThat(api.requests).hasSize(1);
    assertThat(onlyDiagnosis().getAction()).isEqualTo("clear_cache");
  }

  @Test
  void aRequestWhoseWorkerIsStoppedInTheMiddleOfTheCallIsAskedForAgain()
      throws InterruptedException {
    // given
    api.answer(api.silentAfter(""));
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    Thread worker =
        Thread.ofVirtual()
            .start(() -> {
              try {
                assertThatThrownBy(this::process).isInstanceOf(InterruptedException.class);
                stopped.complete(null);
              } catch (AssertionError e) {
                stopped.completeExceptionally(e);
              }
            });
    await().until(() -> api.requests.size() == 1);
    worker.interrupt();
    stopped.join();
    assertThat(written()).isEmpty();
    api.answer(PROVIDER.says(Requests.GOOD));

    // when
    process();

    // then
    assertThat(onlyDiagnosis().getAction()).isEqualTo("clear_cache");
  }

  private static RemediationAnalysisRequest request() {
    return Requests.request("r-1", "{}", NOW.plusSeconds(60));
  }

  private void process() throws InterruptedException {
    process(request());
  }

  private void process(RemediationAnalysisRequest request) throws InterruptedException {
    Map<String, String> variables = new HashMap<>(PROVIDER.environment(api));
    Environment environment = Environment.of(variables);
    Pause pause =
        duration -> {
          producer.sendException = null;
          now = now.plus(duration);
        };
    new AnalysisWork(
            "health-agents",
            new Analyst(
                AnalystConfig.from(environment)
                    .orElseThrow()
                    .model(environment, ModelCall.Listener.NONE),
                "salt",
                () -> now,
                pause),
            _ -> isOnRecord,
            (diagnosis, context) ->
                publisher.publishAndWait(
                    Topics.REMEDIATION_DIAGNOSES, diagnosis.getProject(), diagnosis, context),
            () -> now,
            pause)
        .process(
            new Delivery<>(
                Topics.REMEDIATION_ANALYSIS_REQUESTS.name(),
                request.getProject(),
                request,
                EventContext.start("health-agents", trace),
                1));
  }

  private List<ProducerRecord<String, SpecificRecord>> written() {
    return producer.history();
  }

  private RemediationDiagnosis onlyDiagnosis() {
    assertThat(written()).hasSize(1);
    return (RemediationDiagnosis) written().getFirst().value();
  }
}
