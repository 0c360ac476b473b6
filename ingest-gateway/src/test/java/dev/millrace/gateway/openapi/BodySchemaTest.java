package dev.millrace.gateway.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.millrace.gateway.http.ProblemException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodySchemaTest {

  private static final BodySchema TASK = new BodySchema(OpenApiDocument.load(), "TaskSubmission");
  private static final BodySchema EVENT = new BodySchema(OpenApiDocument.load(), "PlatformEvent");
  private static final BodySchema METRIC = new BodySchema(OpenApiDocument.load(), "MetricSample");

  static Stream<Arguments> noJson() {
    return Stream.of(
        arguments(" ", "expected JSON, found nothing but white space"),
        arguments("{}{}", "expected JSON: something follows the value (line 1, column 3)"),
        arguments("[NaN]", "expected JSON: Non-standard token 'NaN' (line 1, column 5)"),
        arguments(
            "{",
            "expected JSON: Unexpected end-of-input: expected close marker for Object"
                + " (line 1, column 2)"),
        arguments(
            "[".repeat(2000),
            "expected JSON: Document nesting depth (501) exceeds the maximum allowed (500)"));
  }

  @ParameterizedTest
  @MethodSource("noJson")
  void whatIsNoJsonIsToldInWordsOfTheClient(String body, String detail) {
    assertThatThrownBy(() -> BodySchema.parse(body.getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class)
        .hasMessage(detail);
  }

  static Stream<Arguments> nonsense() {
    return Stream.of(
        arguments("{'description': ' '}", "/payload/description: must not be blank"),
        arguments(
            "{'description': 'x', 'context': {'repository': '../docs'}}",
            "/payload/context/repository: expected owner/name"),
        arguments(
            "{'description': 'x', 'context': {'repository': 'acme/..'}}",
            "/payload/context/repository: expected owner/name"),
        arguments(
            "{'description': 'x', 'context': {'filePath': 'a/.Git/config'}}",
            "/payload/context/filePath: expected the path of a file"),
        arguments(
            "{'description': 'x', 'context': {'filePath': 'docs/'}}",
            "/payload/context/filePath: expected the path of a file"),
        arguments(
            "{'description': 'x', 'context': {'filePath': 'docs/./a.md'}}",
            "/payload/context/filePath: expected the path of a file"),
        arguments(
            "{'description': 'nothing \\u0000 more'}",
            "/payload/description: expected text without the character U+0000"),
        arguments(
            "{'description': 'half \\ud83d of a smile'}",
            "/payload/description: expected text of whole characters"));
  }

  @Test
  void namesAreTextsToo() {
    String body =
        """
        {"taskType": "code", "payload": {"description": "x"}, "attributes": {"a\\u0000": "b"}}
        """;

    assertThatThrownBy(() -> TASK.read(body.getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("/attributes: expected text without the character U+0000");
  }

  @Test
  void aNumberThatWouldBecomeInfiniteIsNoUnknownTypeWhereANumberIsExpected() {
    String body = "{'projectName': 'shop', 'name': 'cpu_percent', 'value': 1e999}";

    assertThatThrownBy(() -> METRIC.read(body.replace('\'', '"').getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("/value: expected a number of at most 308 digits");
  }

  @Test
  void aNumberThatWouldBecomeInfiniteIsRefusedWhereverItStands() {
    String body = "{'eventType': 'a.b', 'source': 'desk', 'data': {'sizes': [1, 1e400]}}";

    assertThatThrownBy(() -> EVENT.read(body.replace('\'', '"').getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("/data/sizes/1: expected a number of at most 308 digits");
  }

  @Test
  void anyWholeCharacterIsText() {
    String body = "{\"taskType\": \"code\", \"payload\": {\"description\": \"\\ud83d\\ude00 磨\"}}";

    assertThat(TASK.read(body.getBytes(UTF_8))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'project': 'a', 'projectName': 'a', "})
  void ofAlternativesOneIsAskedFor(String projects) {
    String body = "{%s'name': 'cpu', 'value': 1}".formatted(projects).replace('\'', '"');

    assertThatThrownBy(() -> METRIC.read(body.getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class)
        .hasMessage("/: expected exactly one of projectName, project");
  }

  @Test
  void aTimeIsAskedForByAnExample() {
    String body =
        "{'project': 'a', 'name': 'cpu', 'value': 1, 'observedAt': 'noon'}".replace('\'', '"');

    assertThatThrownBy(() -> METRIC.read(body.getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class)
        .hasMessage(
            "/observedAt: expected a date and time with its offset, such as 2026-01-23T10:00:00Z");
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void whatMakesNoSenseIsRefusedWithItsField(String payload, String detail) {
    String body = "{'taskType': 'code', 'payload': %s}".formatted(payload).replace('\'', '"');

    assertThatThrownBy(() -> TASK.read(body.getBytes(UTF_8)))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith(detail);
  }
}
