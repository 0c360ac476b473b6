package dev.millrace.audit.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TopicSelectionTest {

  @Test
  void theCatalogueAndTheAssignmentsOfAnyAgentAreMirrored() {
    Pattern selection = TopicSelection.of(Optional.empty());

    for (Topic<?> topic : Topics.all(List.of("claude", "a-new-one"))) {
      assertThat(topic.name()).matches(selection);
    }
    assertThat(List.of("task_requests", "task.requests.copy", "orders", "agent.assignments."))
        .noneMatch(name -> selection.matcher(name).matches());
  }

  @Test
  void furtherTopicsComeOnTop() {
    Pattern selection = TopicSelection.of(Optional.of(Pattern.compile("orders\\..*|stock")));

    assertThat(List.of("orders.created", "stock", "task.events"))
        .allMatch(name -> selection.matcher(name).matches());
    assertThat("stocks").doesNotMatch(selection);
  }
}
