package dev.millrace.runtime.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.writer.AnswerSchema.Checked;
import dev.millrace.runtime.writer.AnswerSchema.InvalidSchemaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerSchemaTest {

  private static final AnswerSchema SCHEMA =
      AnswerSchema.of(
          """
          {"type":"object","required":["n"],"properties":{"n":{"type":"integer","minimum":1}}}
          """);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\": 3}",
        "  {\"n\": 3}\n",
        "Here it is:\n```json\n{\"n\": 3}\n```\nAnything else?",
        "```\n{\"n\": 1}\n```\nNo, rather:\n```\n{\"n\": 3}\n```",
        "The answer is {\"n\": 3}."
      })
  void jsonIsFoundInWhatIsSaidAroundIt(String answer) {
    assertThat(SCHEMA.check(answer)).isEqualTo(new Checked.Fits("{\"n\":3}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "three", "{\"n\": 3", "3", "{\"n\": }"})
  void whatIsNoJsonDoesNotFit(String answer) {
    assertThat(SCHEMA.check(answer))
        .isEqualTo(new Checked.DoesNotFit("expected a JSON object, found none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"n\": 0}", "{\"n\": \"3\"}", "[3]"})
  void whatIsOtherJsonSaysWhere(String answer) {
    assertThat(SCHEMA.check(answer))
        .isInstanceOfSatisfying(
            Checked.DoesNotFit.class, bad -> assertThat(bad.problem()).contains("/"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no json", "[]", "{\"type\": \"cow\"}", "{\"minimum\": \"x\"}"})
  void whatIsNoSchemaIsRefused(String text) {
    assertThatThrownBy(() -> AnswerSchema.of(text)).isInstanceOf(InvalidSchemaException.class);
  }

  @Test
  void aSchemaIsNotFetchedFromElsewhere() {
    assertThatThrownBy(
            () -> AnswerSchema.of("{\"$ref\": \"http://127.0.0.1:1/schema.json\"}").check("{}"))
        .hasMessageNotContaining("Connection refused");
  }

  @Test
  void anEndlessSchemaIsRefused() {
    assertThatThrownBy(
            () -> AnswerSchema.of("{\"title\":\"" + "x".repeat(AnswerSchema.MAX_LENGTH) + "\"}"))
        .isInstanceOf(InvalidSchemaException.class)
        .hasMessageContaining("at most");
  }
}
