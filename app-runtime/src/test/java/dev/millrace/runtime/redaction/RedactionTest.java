package dev.millrace.runtime.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

  /** Made here, so that nothing in this file looks like a key. */
  private static final String FAKE = "fake".repeat(8);

  static Stream<Arguments> credentials() {
    return Stream.of(
        Arguments.of("key sk-" + "ant-" + FAKE + " used", "key [redacted] used"),
        Arguments.of("sk-" + FAKE, "[redacted]"),
        Arguments.of("clone with gh" + "p_" + FAKE, "clone with [redacted]"),
        Arguments.of("github" + "_pat_" + FAKE, "[redacted]"),
        Arguments.of("AK" + "IA" + "FAKE".repeat(4), "[redacted]"),
        Arguments.of("Authorization: Bearer " + FAKE, "Authorization: Bearer [redacted]"),
        Arguments.of("token ey" + "J" + FAKE + "." + FAKE + "." + FAKE, "token [redacted]"),
        Arguments.of("https://user:" + FAKE + "@host/x", "https://[redacted]@host/x"),
        Arguments.of("password=" + FAKE + " next", "password=[redacted] next"),
        Arguments.of("{\"api_key\": \"" + FAKE + "\"}", "{\"api_key\": \"[redacted]\"}"),
        Arguments.of("API-KEY: " + FAKE, "API-KEY: [redacted]"),
        Arguments.of(
            "-----BEGIN " + "PRIVATE KEY-----\n" + FAKE + "\n-----END " + "PRIVATE KEY-----\nafter",
            "[redacted]\nafter"));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void whatLooksLikeACredentialIsTakenOut(String text, String expected) {
    assertThat(Redaction.redact(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input_tokens=123456, output_tokens=42",
        "the task-router asks for a token",
        "commit 4bf92f3577b34da6a3ce929d0e0e4736",
        "see https://example.org/docs/passwords",
        "",
      })
  void ordinaryTextStaysAsItIs(String text) {
    assertThat(Redaction.redact(text)).isEqualTo(text);
  }

  @Test
  void aSecretDoesNotShow() {
    Secret secret = new Secret("not-a-real-key");

    assertThat(secret).hasToString("***");
    assertThat("config: " + secret).doesNotContain("not-a-real-key");
    assertThat(secret.reveal()).isEqualTo("not-a-real-key");
    assertThat(secret.matches("not-a-real-key")).isTrue();
    assertThat(secret.matches("not-a-real-kez")).isFalse();
    assertThat(secret.matches("")).isFalse();
  }
}
