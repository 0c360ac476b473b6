package dev.millrace.audit.redact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.audit.Records;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.schemas.github.GithubEvent;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.serde.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private static final String TOPIC = "people.events";

  private static final Schema PERSON =
      SchemaBuilder.record("Person")
          .fields()
          .requiredString("id")
          .optionalString("name")
          .optionalInt("age")
          .name("tags")
          .type()
          .map()
          .values()
          .stringType()
          .noDefault()
          .name("friends")
          .type()
          .array()
          .items(
              SchemaBuilder.record("Friend")
                  .fields()
                  .requiredString("mail")
                  .requiredLong("since")
                  .endRecord())
          .noDefault()
          .name("document")
          .type(json())
          .noDefault()
          .endRecord();

  private static Schema json() {
    Schema text = Schema.create(Schema.Type.STRING);
    text.addProp("contentType", "application/json");
    return text;
  }

  @Test
  void aTextIsBlankedAndTheRestStays() {
    assertThat(redacted("$.name")).contains("\"name\":\"[redacted]\"").contains("\"age\":36");
  }

  @Test
  void whatMayBeNullBecomesNull() {
    assertThat(redacted("$.age")).contains("\"age\":null").contains("\"name\":\"Ada\"");
  }

  @Test
  void everyElementIsBlanked() {
    assertThat(redacted("$.friends[*].mail"))
        .contains("{\"mail\":\"[redacted]\",\"since\":1},{\"mail\":\"[redacted]\",\"since\":2}");
    assertThat(redacted("$.friends")).contains("\"friends\":[]");
    assertThat(redacted("$.tags.*")).contains("\"tags\":{\"home\":\"[redacted]\"}");
  }

  @Test
  void aPathGoesOnIntoJson() {
    assertThat(redacted("$.document.sender.email"))
        .contains("\"sender\":{\"email\":\"[redacted]\",\"login\":\"ada\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"mail\":\"a\",\"mail\":\"b\"}  | {\"mail\":\"[redacted]\",\"mail\":\"[redacted]\"}",
        "{\"mail\":[1,{\"a\":2}],\"n\":1.50} | {\"mail\":\"[redacted]\",\"n\":1.50}",
        "{\"n\":1.50,  \"mails\":[]}       | {\"n\":1.50,  \"mails\":[]}",
        "{} {\"mail\":\"a\"}              | [redacted]",
        "{\"mail\":                       | [redacted]",
        "``                               | ``"
      })
  void aTextWithJsonIsBlankedWhereThePathLeadsAndStaysAsItIsElsewhere(String text, String blanked) {
    String redacted = redacted("$.document.mail", value(text));

    assertThat(redacted).isEqualTo(blanked);
  }

  @Test
  void aTextThatIsNestedWithoutEndIsBlankedAsAWhole() {
    assertThat(redacted("$.document.mail", value("[".repeat(5_000)))).isEqualTo("[redacted]");
  }

  @Test
  void aRecordThatIsNestedWithoutEndIsWithheld() {
    Schema node =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}
                """);
    byte[] nested = new byte[1 << 20];
    Arrays.fill(nested, (byte) 2);

    Redactor.Redacted redacted =
        new Redactor(id -> node, Map.of(TOPIC, "$.next"))
            .redact(Records.record(TOPIC, 0, 1, WireFormat.frame(1, nested)));

    assertThat(redacted.note()).isEqualTo(Redactor.WITHHELD);
  }

  @Test
  void millionsOfPartsInAFewBytesAreWithheld() {
    Schema parts =
        SchemaBuilder.record("Parts")
            .fields()
            .name("all")
            .type()
            .array()
            .items()
            .nullType()
            .noDefault()
            .endRecord();
    byte[] fiveMillion = {(byte) 0x80, (byte) 0xad, (byte) 0xe2, 0x04, 0};

    Redactor.Redacted redacted =
        new Redactor(id -> parts, Map.of(TOPIC, "$.all"))
            .redact(Records.record(TOPIC, 0, 1, WireFormat.frame(1, fiveMillion)));

    assertThat(redacted.note()).isEqualTo(Redactor.WITHHELD);
  }

  @Test
  void whatWasDoneIsSaid() {
    Redactor redactor = new Redactor(id -> PERSON, Map.of(TOPIC, "$.name $.nothing $.age"));

    assertThat(redactor.redact(Records.record(TOPIC, 0, 1, value())).note())
        .isEqualTo("$.name $.age");
  }

  @Test
  void aRecordWithNothingToBlankIsLeftAsItIs() {
    Redactor redactor = new Redactor(id -> PERSON, Map.of(TOPIC, "$.nothing"));
    var record = Records.record(TOPIC, 0, 1, value());

    assertThat(redactor.redact(record).record()).isSameAs(record);
    assertThat(redactor.redact(Records.record("other.events", 0, 1, value())).note()).isNull();
  }

  @Test
  void whatCannotBeDecodedIsWithheld() {
    Redactor redactor = new Redactor(id -> PERSON, Map.of(TOPIC, "$.name"));

    Redactor.Redacted redacted =
        redactor.redact(Records.record(TOPIC, 0, 1, "no Avro, but Ada's name".getBytes(UTF_8)));

    assertThat(redacted.record().value()).isNull();
    assertThat(redacted.note()).isEqualTo(Redactor.WITHHELD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "name", "$", "$.", "$name", "$.a..b", "$.a[0]", "$.a b"})
  void aPathThatIsNoneIsRefused(String path) {
    assertThatThrownBy(() -> RedactionPath.parse(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + path + "'");
  }

  /** The fields that the documentation names are there. */
  @Test
  void theExamplesOfTheDocumentationLeadSomewhere() {
    assertThat(LearningCompletion.getClassSchema().getField("notes")).isNotNull();
    assertThat(GithubEvent.getClassSchema().getField("payload")).isNotNull();
  }

  private static String redacted(String path) {
    Redactor redactor = new Redactor(id -> PERSON, Map.of(TOPIC, path));
    byte[] value = redactor.redact(Records.record(TOPIC, 0, 1, value())).record().value();
    return new String(
        new ValueDecoder(id -> PERSON, topic -> false).decode(TOPIC, value).json(), UTF_8);
  }

  /** What becomes of the field {@code document}. */
  private static String redacted(String path, byte[] value) {
    Redactor redactor = new Redactor(id -> PERSON, Map.of(TOPIC, path));
    byte[] redacted = redactor.redact(Records.record(TOPIC, 0, 1, value)).record().value();
    try {
      return WireFormat.read(redacted, PERSON).get("document").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] value() {
    return value("{\"sender\":{\"email\":\"ada@example.com\",\"login\":\"ada\"}}");
  }

  private static byte[] value(String document) {
    Schema friend = PERSON.getField("friends").schema().getElementType();
    GenericRecord ada =
        new GenericRecordBuilder(PERSON)
            .set("id", "p-1")
            .set("name", "Ada")
            .set("age", 36)
            .set("tags", Map.of("home", "12 Example Street"))
            .set(
                "friends",
                new GenericData.Array<>(
                    PERSON.getField("friends").schema(),
                    List.of(
                        friend(friend, "b@example.com", 1), friend(friend, "c@example.com", 2))))
            .set("document", document)
            .build();
    return Records.avro(PERSON, ada, 1);
  }

  private static GenericRecord friend(Schema schema, String mail, long since) {
    return new GenericRecordBuilder(schema).set("mail", mail).set("since", since).build();
  }
}
