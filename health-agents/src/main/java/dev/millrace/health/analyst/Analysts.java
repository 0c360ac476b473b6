package dev.millrace.health.analyst;

import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.share.EffectGuard;
import dev.millrace.runtime.share.ShareWorker;
import dev.millrace.runtime.share.ShareWorkerConfig;
import dev.millrace.runtime.usage.UsageEvents;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/** The workers that answer requests for diagnoses. */
public final class Analysts {

  /** A call under way may end when the app stops. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);

  private static final int SALT_BYTES = 16;

  private Analysts() {}

  /** Adds them to an app. */
  public static void add(AppContext context, AnalystConfig config, EventPublisher publisher) {
    KafkaClients kafka = context.kafka();
    UsageEvents usage =
        UsageEvents.writtenBy(context.app(), PriceTable.from(context.environment()), publisher);
    Analyst analyst =
        new Analyst(
            config.model(context.environment(), usage),
            salt(),
            InstantSource.system(),
            Thread::sleep);
    AnalysisWork work =
        new AnalysisWork(
            context.app(),
            analyst,
            new DiagnosesOnRecord(kafka),
            (diagnosis, event) -> {
              publisher.publishAndWait(
                  Topics.REMEDIATION_DIAGNOSES, diagnosis.getProject(), diagnosis, event);
              count(context.meters(), diagnosis);
            },
            InstantSource.system(),
            Thread::sleep);
    ShareWorker<RemediationAnalysisRequest> worker =
        context.add(
            new ShareWorker<>(
                kafka,
                new ShareWorkerConfig(
                    context.app() + "-analysts",
                    List.of(Topics.REMEDIATION_ANALYSIS_REQUESTS.name()),
                    config.concurrency(),
                    ShareWorkerConfig.DEFAULT_MAX_DELIVERIES,
                    STOP_GRACE),
                Topics.REMEDIATION_ANALYSIS_REQUESTS,
                new DeadLetters(context.app(), publisher),
                EffectGuard.of(Effect.MODEL_CALLS, work)));
    context.readiness().add("analysts", worker::check);
  }

  private static void count(MeterRegistry meters, RemediationDiagnosis diagnosis) {
    String outcome = diagnosis.getFailure() == null ? "given" : "failed";
    meters.counter("millrace.health.diagnoses", "outcome", outcome).increment();
  }

  private static String salt() {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return HexFormat.of().formatHex(salt);
  }
}
