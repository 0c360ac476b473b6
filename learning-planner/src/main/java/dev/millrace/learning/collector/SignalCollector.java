package dev.millrace.learning.collector;

import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.redaction.Redaction;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.Work;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.runtime.validation.EventFields;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningSignalRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the signal agents over HTTP for what the planner wants to know, and writes the signals. */
public final class SignalCollector implements Work<LearningSignalRequest> {

  private static final Logger log = LoggerFactory.getLogger(SignalCollector.class);
  private static final String APP = "learning-planner";
  private static final int MAX_ERROR_LENGTH = 500;

  private final AgentClient client;
  private final Signals signals;

  /** Where the signals go. */
  @FunctionalInterface
  public interface Signals {
    /** Writes a signal and waits until it is acknowledged. */
    void write(LearningSignal signal, EventContext context) throws InterruptedException;
  }

  SignalCollector(AgentClient client, Signals signals) {
    this.client = client;
    this.signals = signals;
  }

  /** A collector for these agents. */
  public static SignalCollector of(CollectorConfig config, MeterRegistry meters, Signals signals) {
    HttpClient http =
        HttpClient.newBuilder()
            .connectTimeout(config.timeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    return new SignalCollector(new AgentClient(http, config, Thread::sleep, meters), signals);
  }

  @Override
  public void process(Delivery<LearningSignalRequest> delivery) throws InterruptedException {
    LearningSignalRequest request = delivery.value();
    if (SignalAgent.find(request.getAgent()).isEmpty()) {
      throw new WorkRejectedException("agent: expected one of " + SignalAgent.names());
    }
    AgentAnswer answer = client.ask(request);
    signals.write(signal(request, answer), delivery.context().derive(APP, "signal"));
    log.atInfo()
        .addKeyValue("agent", request.getAgent())
        .addKeyValue("request_id", request.getRequestId())
        .addKeyValue("answer", answer.getClass().getSimpleName())
        .log("asked a signal agent");
  }

  private static LearningSignal signal(LearningSignalRequest request, AgentAnswer answer) {
    LearningSignal.Builder signal =
        LearningSignal.newBuilder()
            .setUserId(request.getUserId())
            .setAgent(request.getAgent())
            .setRequestId(request.getRequestId())
            .setIntentId(request.getIntentId())
            .setObservedAt(Instant.now());
    return switch (answer) {
      case AgentAnswer.Data data ->
          signal.setData(data.json()).setEtag(usable(data.etag())).build();
      case AgentAnswer.Unchanged unchanged ->
          signal.setUnchanged(true).setEtag(unchanged.etag()).build();
      case AgentAnswer.Failed failed ->
          signal
              .setOk(false)
              .setCode(shorten(failed.code(), EventFields.MAX_NAME_LENGTH))
              .setError(shorten(failed.error(), MAX_ERROR_LENGTH))
              .build();
    };
  }

  /** The planner takes no longer ETag; without one the signal is just not known as unchanged. */
  private static @Nullable String usable(@Nullable String etag) {
    return etag == null || etag.length() > EventFields.MAX_NAME_LENGTH ? null : etag;
  }

  private static String shorten(String text, int length) {
    return Texts.shorten(Redaction.redact(text), length);
  }
}
