package dev.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.millrace.standalone.embedded.StackException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class OptionsTest {

  static Stream<Arguments> nonsense() {
    return Stream.of(
        arguments(
            new UpCommand(),
            List.of("--port", "99999"),
            "--port: expected a port from 0 to 65535, found 99999"),
        arguments(
            new UpCommand(),
            List.of("--port", "-1"),
            "--port: expected a port from 0 to 65535, found -1"),
        arguments(
            new TailCommand(),
            List.of("task.events", "--max", "-1"),
            "--max: expected a number of records from 0, found -1"),
        arguments(
            new AuditVerifyCommand(),
            List.of("--topic", "task.events", "--partition", "-1"),
            "--partition: expected 0 or more, found -1"),
        arguments(
            new TokenCommand(),
            List.of("--user", " "),
            "--user: expected the id of a user, found none"));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void anOptionThatMakesNoSenseEndsInOneSentence(
      Callable<Integer> command, List<String> options, String sentence) {
    new CommandLine(command).parseArgs(options.toArray(String[]::new));

    assertThatThrownBy(command::call).isInstanceOf(StackException.class).hasMessage(sentence);
  }
}
