package dev.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replay --partition x       | millrace: Invalid value for option '--partition': 'x' is not an int; see ./millrace replay --help
          status --nonsense          | millrace: Unknown option: '--nonsense'; see ./millrace status --help
          audit archive              | millrace: Missing required option: '--before=DAY'; see ./millrace audit archive --help
          audit                      | millrace: Missing required subcommand (there are: verify, compare, archive, archives, restore, rebuild); see ./millrace audit --help
          token --user ada --ttl 1h  | millrace: Invalid value for option '--ttl': expected a duration of at most 3650 days, such as PT12H or P30D, found '1h'; see ./millrace token --help
          token --user ada --ttl PT0S | millrace: Invalid value for option '--ttl': expected a duration of at most 3650 days, such as PT12H or P30D, found 'PT0S'; see ./millrace token --help
          """)
  void aWrongUseIsOneSentenceAndNoPageOfHelp(String arguments, String sentence) {
    StringWriter written = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(written));

    int exitCode = command.execute(arguments.split(" ", -1));

    assertThat(written.toString().lines()).containsExactly(sentence);
    assertThat(exitCode).isEqualTo(2);
  }
}
