package dev.millrace.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.gateway.http.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliverySummaryTest {

  @Test
  void onlyTheFieldsOfTheTopCount() {
    DeliverySummary summary =
        read(
            """
            {"pull_request": {"ref": "inner", "repository": {"full_name": "inner/inner"}},
             "action": "opened",
             "repository": {"owner": {"login": "acme"}, "full_name": "acme/docs"},
             "sender": {"id": 1, "login": "octocat"}}
            """);

    assertThat(summary)
        .isEqualTo(new DeliverySummary("acme/docs", null, "octocat", "opened", null));
  }

  @Test
  void aDeliveryOfAnOrganizationIsAboutTheOrganization() {
    assertThat(read("{\"organization\": {\"login\": \"acme\"}}").subject()).isEqualTo("acme");
    assertThat(read("{}").subject()).isEqualTo("-");
  }

  @Test
  void fieldsOfOtherTypesAreLeftOut() {
    DeliverySummary summary =
        read("{\"action\": [1, {\"a\": 2}], \"ref\": 7, \"repository\": null, \"sender\": \"x\"}");

    assertThat(summary).isEqualTo(new DeliverySummary(null, null, null, null, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "7", "{\"a\": ", "{} {}", "{\"a\": 1,}", "nonsense"})
  void whatIsNoObjectIsRefused(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(ProblemException.class);
  }

  private static DeliverySummary read(String body) {
    return DeliverySummary.read(body.getBytes(UTF_8));
  }
}
