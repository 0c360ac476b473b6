package dev.millrace.health.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectTest {

  @Test
  void theFirstColonEndsTheName() {
    List<Project> projects =
        parse("email-blast:http://localhost:3010/health, chatbot:https://bot.example:8443");

    assertThat(projects)
        .containsExactly(
            new Project("email-blast", URI.create("http://localhost:3010/health")),
            new Project("chatbot", URI.create("https://bot.example:8443")));
  }

  @Test
  void fiftyProjectsAreFine() {
    String many =
        IntStream.range(0, 50)
            .mapToObj(i -> "p" + i + ":http://localhost:" + (4_000 + i))
            .collect(Collectors.joining(","));

    assertThat(parse(many)).hasSize(50);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost",
        "a",
        "a:ftp://x",
        "a:http:x",
        "a b:http://x",
        "a:http://x,a:http://y",
        "a:http://x:65536"
      })
  void whatIsNoProjectIsRefused(String projects) {
    assertThatThrownBy(() -> parse(projects))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PROJECTS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop:http://localhost:1, bot:https://ada:half,half@a/health",
        "shop:http://ada:12,half@a:80/health",
        "shop:http://localhost:1, bot:https://ada:half@a b/health"
      })
  void aWrongAddressIsToldWithoutItsPassword(String projects) {
    assertThatThrownBy(() -> parse(projects))
        .hasMessageContaining("as entry 2; a comma in an address is written %2C")
        .hasMessageNotContaining("half");
  }

  private static List<Project> parse(String projects) {
    return Project.from(Environment.of(Map.of("PROJECTS", projects)));
  }
}
