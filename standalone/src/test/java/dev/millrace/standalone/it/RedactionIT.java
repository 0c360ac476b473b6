package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.AuditSinkApp;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Personal data that a site names never reaches the record. */
@ExtendWith(WithMillrace.class)
class RedactionIT {

  private static final String EMAIL = "ada@example.org";

  private final String source = "it-" + UUID.randomUUID();

  @Test
  void whatIsNamedIsBlankedBeforeItIsStoredAndTheRowSaysSo(Millrace millrace) throws Exception {
    try (AppBeside _ =
        AppBeside.inPlaceOf(
            millrace,
            new AuditSinkApp(),
            Map.of("AUDIT_REDACTIONS", "platform.events=$.data.email"))) {

      // when
      Gateway.Answer answer =
          millrace
              .gateway()
              .platformEvent(
                  """
                  {"eventType": "signed_up", "source": "%s", "priority": "low",
                   "data": {"email": "%s", "plan": "miller"}}
                  """
                      .formatted(source, EMAIL));

      // then
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      eventually()
          .untilAsserted(() ->
              assertThat(
                      Queries.texts(
                          millrace,
                          "SELECT redacted::text FROM audit.records WHERE key = ?",
                          source))
                  .singleElement()
                  .asString()
                  .contains("$.data.email"));
    }
    assertThat(
            Queries.texts(
                millrace,
                "SELECT payload::text || encode(raw, 'escape') FROM audit.records"
                    + " WHERE key = ?",
                source))
        .singleElement()
        .asString()
        .contains("[redacted]", "miller")
        .doesNotContain(EMAIL);
    assertThat(
            Queries.texts(
                millrace,
                "SELECT e.data::text FROM ai_events e JOIN audit.records r USING (event_id)"
                    + " WHERE r.key = ?",
                source))
        .singleElement()
        .asString()
        .doesNotContain(EMAIL);
    assertThat(Evidence.verify(millrace, "platform.events").findings()).isEmpty();
  }
}
