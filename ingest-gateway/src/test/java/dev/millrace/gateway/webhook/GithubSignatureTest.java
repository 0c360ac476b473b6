package dev.millrace.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.redaction.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GithubSignatureTest {

  /** The values that GitHub documents to test an implementation with. */
  private static final String DOCUMENTED =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);

  private final GithubSignature signature =
      new GithubSignature(
          List.of(new Secret("test-secret"), new Secret("It's a Secret to Everybody")));

  @Test
  void theDocumentedSignatureMatches() {
    assertThat(signature.matches(BODY, "sha256=" + DOCUMENTED)).isTrue();
  }

  @Test
  void anotherBodyDoesNotMatch() {
    assertThat(signature.matches("Hello, World?".getBytes(UTF_8), "sha256=" + DOCUMENTED))
        .isFalse();
  }

  @Test
  void asManySignaturesAsNeededAreCheckedWithOneInstance() {
    assertThat(signature.matches(BODY, "sha256=" + DOCUMENTED)).isTrue();
    assertThat(signature.matches(BODY, "sha256=" + DOCUMENTED)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        DOCUMENTED,
        "sha1=" + DOCUMENTED,
        "sha256=",
        "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha256=" + DOCUMENTED + "00"
      })
  void whatIsNoSignatureDoesNotMatch(String claimed) {
    assertThat(signature.matches(BODY, claimed)).isFalse();
  }
}
