package dev.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ComponentsTest {

  @Test
  void aProcessOfAPipelineIsKnownByItsProgram() throws IOException {
    // given
    Process component = new ProcessBuilder("sleep", "3117").start();
    long pipeline = ProcessHandle.current().pid();

    // when
    var found = Components.startOf(pipeline, Pattern.compile("sleep 3117"));
    var other = Components.startOf(pipeline, Pattern.compile("sleep 3118"));

    // then
    assertThat(found).isPresent().isEqualTo(component.info().startInstant());
    assertThat(other).isEmpty();
    component.destroy();
  }
}
