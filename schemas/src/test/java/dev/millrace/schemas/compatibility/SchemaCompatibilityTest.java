package dev.millrace.schemas.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.platform.PlatformEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** Full-transitive: today's schemas against those of every release, in both directions. */
class SchemaCompatibilityTest {

  private static final Schema RELEASED = PlatformEvent.getClassSchema();

  @Test
  void everySchemaStaysCompatibleWithEveryRelease() throws IOException {
    Map<String, Schema> today = ReleasedSchemas.today();
    assertThat(ReleasedSchemas.versions()).isNotEmpty();
    for (String version : ReleasedSchemas.versions()) {
      List<String> problems = new ArrayList<>();
      ReleasedSchemas.of(version)
          .forEach((topic, released) -> {
            Schema current = today.get(topic);
            if (current == null) {
              problems.add(topic + ": the topic is gone");
            } else {
              Compatibility.problems(released, current)
                  .forEach(problem -> problems.add(topic + ": " + problem));
            }
          });
      assertThat(problems).withFailMessage(() -> whatToDo(version, problems)).isEmpty();
    }
  }

  private static String whatToDo(String version, List<String> problems) {
    return """
    A schema changed in a way that breaks producers or consumers which still use release %s:
      %s
    Give a new field a default; never remove a field without one, rename one, or change its type;
    a new symbol of an enum needs the enum's default. When the change cannot be made so, it needs
    a topic of its own. See schemas/README.md.\
    """
        .formatted(version, String.join("\n  ", problems));
  }

  @Test
  void aNewFieldWithADefaultIsAccepted() {
    Schema.Field added =
        new Schema.Field("added", Schema.create(Schema.Type.STRING), "New.", "none");

    assertThat(Compatibility.problems(RELEASED, with(added))).isEmpty();
  }

  @Test
  void aNewFieldWithoutADefaultIsRefused() {
    Schema.Field added = new Schema.Field("added", Schema.create(Schema.Type.STRING), "New.");

    assertThat(Compatibility.problems(RELEASED, with(added)))
        .singleElement()
        .asString()
        .contains("today's schema cannot read released records")
        .contains("READER_FIELD_MISSING_DEFAULT_VALUE")
        .contains("added");
  }

  @Test
  void aRequiredFieldThatIsGoneIsRefused() {
    assertThat(Compatibility.problems(RELEASED, without("event_type")))
        .singleElement()
        .asString()
        .contains("the released schema cannot read new records")
        .contains("event_type");
  }

  @Test
  void aFieldOfAnotherTypeIsRefused() {
    Schema changed =
        record(
            fields("priority"),
            new Schema.Field("priority", Schema.create(Schema.Type.INT), "Changed.", 0));

    assertThat(Compatibility.problems(RELEASED, changed)).hasSize(2);
  }

  @Test
  void aNewSymbolNeedsTheDefaultOfItsEnum() {
    Schema plain = SchemaBuilder.enumeration("E").symbols("A");
    Schema grown = SchemaBuilder.enumeration("E").symbols("A", "B");
    Schema safe = SchemaBuilder.enumeration("E").defaultSymbol("A").symbols("A");

    assertThat(Compatibility.problems(plain, grown)).isNotEmpty();
    assertThat(Compatibility.problems(safe, grown)).isEmpty();
  }

  private static Schema with(Schema.Field field) {
    return record(fields(""), field);
  }

  private static Schema without(String name) {
    return record(fields(name));
  }

  private static List<Schema.Field> fields(String except) {
    return RELEASED.getFields().stream()
        .filter(field -> !field.name().equals(except))
        .map(field -> new Schema.Field(field, field.schema()))
        .toList();
  }

  private static Schema record(List<Schema.Field> fields, Schema.Field... more) {
    List<Schema.Field> all = new ArrayList<>(fields);
    all.addAll(List.of(more));
    return Schema.createRecord(
        RELEASED.getName(), RELEASED.getDoc(), RELEASED.getNamespace(), false, all);
  }
}
