package dev.millrace.runtime.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.usage.ModelCall.Purpose;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.usage.ModelUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageEventsTest {

  private static final ModelCall CALL =
      new ModelCall(Purpose.ANSWER, "openai", "priced", 1_000, 100);

  private final List<ModelUsage> usages = new ArrayList<>();
  private final List<EventContext> contexts = new ArrayList<>();
  private final UsageEvents events =
      new UsageEvents(
          "ingest-gateway",
          PriceTable.from(Environment.of(Map.of("MODEL_PRICES", "priced=2/10/0/0"))),
          (usage, context) -> {
            usages.add(usage);
            contexts.add(context);
          });
  private final TraceContext trace = TraceContext.start();

  @Test
  void aCallIsAnEventWithItsCost() {
    events.called(CALL);

    ModelUsage usage = usages.getFirst();
    assertThat(usage.getUsageId()).isEqualTo(contexts.getFirst().id().value());
    assertThat(usage.getPurpose()).isEqualTo("answer");
    assertThat(usage.getCostMicrodollars()).isEqualTo(1_000 * 2 + 100 * 10);
    assertThat(usage.getTaskId()).isNull();
    assertThat(usage.getSubject()).isNull();
  }

  @Test
  void itSaysWhichTaskItWasForAndIsInItsTrace() {
    CallCause.task(trace, "task-7").within(() -> called());

    assertThat(usages.getFirst().getTaskId()).isEqualTo("task-7");
    assertThat(contexts.getFirst().trace().traceId()).isEqualTo(trace.traceId());
    assertThat(contexts.getFirst().trace().spanId()).isNotEqualTo(trace.spanId());
  }

  @Test
  void itSaysWhichDocumentItWasAbout() {
    CallCause.subject(trace, "doc://tide").within(() -> called());

    assertThat(usages.getFirst().getSubject()).isEqualTo("doc://tide");
    assertThat(usages.getFirst().getTaskId()).isNull();
  }

  @Test
  void aCauseEndsWithItsWorkAlsoWhenThatFails() {
    assertThatThrownBy(() ->
            CallCause.task(trace, "task-7")
                .within(() -> {
                  throw new IOException("away");
                }))
        .isInstanceOf(IOException.class);

    events.called(CALL);

    assertThat(usages.getFirst().getTaskId()).isNull();
    assertThat(contexts.getFirst().trace().traceId()).isNotEqualTo(trace.traceId());
  }

  private boolean called() {
    events.called(CALL);
    return true;
  }
}
