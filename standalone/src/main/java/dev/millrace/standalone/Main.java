package dev.millrace.standalone;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.failure.FileFailures;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.standalone.command.AuditCommand;
import dev.millrace.standalone.command.CheckCommand;
import dev.millrace.standalone.command.DeadLettersCommand;
import dev.millrace.standalone.command.DownCommand;
import dev.millrace.standalone.command.EncodeCommand;
import dev.millrace.standalone.command.LogsCommand;
import dev.millrace.standalone.command.PsqlCommand;
import dev.millrace.standalone.command.ReplayCommand;
import dev.millrace.standalone.command.ResetCommand;
import dev.millrace.standalone.command.StatusCommand;
import dev.millrace.standalone.command.TailCommand;
import dev.millrace.standalone.command.TokenCommand;
import dev.millrace.standalone.command.TopicsCommand;
import dev.millrace.standalone.command.UpCommand;
import dev.millrace.standalone.demo.DemoCommand;
import dev.millrace.standalone.demo.MockProjectsCommand;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import org.apache.kafka.common.errors.RetriableException;
import org.jdbi.v3.core.JdbiException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code millrace} command. */
@Command(
    name = "millrace",
    description = "The whole pipeline on one machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      CheckCommand.class,
      TopicsCommand.class,
      TailCommand.class,
      EncodeCommand.class,
      PsqlCommand.class,
      AuditCommand.class,
      ReplayCommand.class,
      ResetCommand.class,
      DeadLettersCommand.class,
      LogsCommand.class,
      TokenCommand.class,
      MockProjectsCommand.class,
      StackCommand.class,
      WarmUpCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::correct)
        .setExecutionExceptionHandler(Main::explain);
  }

  /** One sentence and where to read on: the pages of help would push it out of sight. */
  private static int correct(CommandLine.ParameterException wrong, String... args) {
    CommandLine command = wrong.getCommandLine();
    Set<String> subcommands = command.getSubcommands().keySet();
    command
        .getErr()
        .printf(
            "millrace: %s%s; see ./%s --help%n",
            wrong.getMessage(),
            subcommands.isEmpty() ? "" : " (there are: " + String.join(", ", subcommands) + ")",
            command.getCommandSpec().qualifiedName());
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** What a person can act on is one sentence; anything else is a defect and keeps its trace. */
  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    String sentence =
        switch (failure) {
          case StackException known -> String.valueOf(known.getMessage());
          case ConfigurationException wrong -> "wrong configuration: " + wrong.getMessage();
          case NoSuchFileException missing -> "there is no file " + missing.getFile();
          case IOException unread -> FileFailures.reason(unread);
          case JdbiException refused ->
              "PostgreSQL does not answer: " + Causes.rootMessage(refused);
          case RetriableException away -> "the broker does not answer: " + Causes.rootMessage(away);
          case RegistryUnavailableException away ->
              "the schema registry does not answer: " + Causes.rootMessage(away);
          default -> throw failure;
        };
    command.getErr().println("millrace: " + sentence.lines().findFirst().orElse(sentence));
    return 1;
  }
}
