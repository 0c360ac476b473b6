package dev.millrace.schemas.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

  private static final Path SCHEMAS = Path.of("src/main/avro");

  @Test
  void everyNameIsUniqueAndOfOneForm() {
    List<String> names = Topics.all().stream().map(Topic::name).toList();

    assertThat(names).doesNotHaveDuplicates();
    assertThat(names).allMatch(name -> name.matches("[a-z]+\\.[a-z]+(-[a-z]+)*s"));
  }

  /** The schema of the assignments is that of many topics, one for each agent. */
  @Test
  void everyTopicHasTheSchemaFileOfItsName() throws IOException {
    Set<String> expected = new TreeSet<>(Set.of("agent.assignments.avsc"));
    Topics.all().forEach(topic -> expected.add(topic.name() + ".avsc"));

    try (Stream<Path> files = Files.list(SCHEMAS)) {
      Set<String> found = new TreeSet<>();
      files.filter(Files::isRegularFile).forEach(file -> found.add(file.getFileName().toString()));
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void noTwoTopicsCarryTheSameType() {
    assertThat(Topics.all(List.of("claude")).stream().map(Topic::valueType))
        .doesNotHaveDuplicates();
  }

  @Test
  void everythingInEverySchemaIsDocumented() {
    List<String> undocumented = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Topics.all(List.of("claude")).forEach(topic -> collect(topic.schema(), seen, undocumented));

    assertThat(undocumented).isEmpty();
  }

  private static void collect(Schema schema, Set<String> seen, List<String> undocumented) {
    switch (schema.getType()) {
      case UNION -> schema.getTypes().forEach(type -> collect(type, seen, undocumented));
      case ARRAY -> collect(schema.getElementType(), seen, undocumented);
      case MAP -> collect(schema.getValueType(), seen, undocumented);
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          check(schema.getFullName(), schema.getDoc(), undocumented);
          for (Schema.Field field : schema.getFields()) {
            check(schema.getFullName() + "#" + field.name(), field.doc(), undocumented);
            collect(field.schema(), seen, undocumented);
          }
        }
      }
      case ENUM -> check(schema.getFullName(), schema.getDoc(), undocumented);
      case FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
    }
  }

  private static void check(String what, @Nullable String doc, List<String> undocumented) {
    if (doc == null || doc.isBlank()) {
      undocumented.add(what);
    }
  }

  /** An enum that grows must not break who reads it with an older schema. */
  @Test
  void everyEnumHasADefault() {
    List<String> without = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Topics.all(List.of("claude")).forEach(topic -> enums(topic.schema(), seen, without));

    assertThat(without).isEmpty();
  }

  private static void enums(Schema schema, Set<String> seen, List<String> without) {
    switch (schema.getType()) {
      case UNION -> schema.getTypes().forEach(type -> enums(type, seen, without));
      case ARRAY -> enums(schema.getElementType(), seen, without);
      case MAP -> enums(schema.getValueType(), seen, without);
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          schema.getFields().forEach(field -> enums(field.schema(), seen, without));
        }
      }
      case ENUM -> {
        if (schema.getEnumDefault() == null) {
          without.add(schema.getFullName());
        }
      }
      case FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
    }
  }

  @Test
  void aTopicIsFoundByItsName() {
    for (Topic<?> topic : Topics.all()) {
      assertThat(Topics.find(topic.name())).contains(topic);
    }
    assertThat(Topics.find("agent.assignments.claude")).contains(Topics.agentAssignments("claude"));
    assertThat(Topics.find("agent.assignments.")).isEmpty();
    assertThat(Topics.find("no.such.topics")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Claude", "a_b", "9lives", "../x", "a.b"})
  void anAgentsNameMustFitIntoATopicsName(String agent) {
    assertThatThrownBy(() -> Topics.agentAssignments(agent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + agent + "'");
  }

  @Test
  void aDeadLetterHoldsTheLargestRecordOfAnyOtherTopic() {
    int dead = maxBytes(Topics.DEAD_LETTERS);

    assertThat(Topics.all())
        .filteredOn(topic -> !topic.equals(Topics.DEAD_LETTERS))
        .allMatch(topic -> maxBytes(topic) < dead);
  }

  /** Else work waits behind a long one while there are idle slots. */
  @Test
  void workThatAnySlotMayTakeIsOnOnePartition() {
    assertThat(Topics.agentAssignments("claude").partitions()).isOne();
    assertThat(Topics.DOCUMENT_CHANGES.partitions()).isOne();
    assertThat(Topics.LEARNING_SIGNAL_REQUESTS.partitions()).isOne();
    assertThat(Topics.REMEDIATION_COMMANDS.partitions()).isOne();
    assertThat(Topics.REPLAY_COMMANDS.partitions()).isOne();
    assertThat(Topics.DEAD_LETTER_DECISIONS.partitions()).isOne();
  }

  private static int maxBytes(Topic<?> topic) {
    return Integer.parseInt(topic.config().getOrDefault("max.message.bytes", "0"));
  }

  @Test
  void aCompactedTopicKeepsItsNewestRecordsForGood() {
    assertThat(Topics.LEARNING_INTENTS.config())
        .containsEntry("cleanup.policy", "compact")
        .doesNotContainKey("retention.ms");
  }
}
