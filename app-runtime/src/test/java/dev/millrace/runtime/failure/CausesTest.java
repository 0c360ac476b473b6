package dev.millrace.runtime.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.config.ConfigurationException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class CausesTest {

  @Test
  void aMessageOfOursSaysMoreThanWhatIsAtTheBottom() {
    Throwable unreachable = new CompletionException(new UnresolvedAddressException());
    ConfigurationException ours = new ConfigurationException("GITHUB_API_URL", "no such host");
    ours.initCause(unreachable);

    assertThat(Causes.message(new CompletionException(ours))).isEqualTo(ours.getMessage());
    assertThat(Causes.message(unreachable)).isEqualTo("UnresolvedAddressException");
  }

  @Test
  void aMessageOfALibraryThatPrintsItsStatementIsLeftOut() {
    Throwable failure =
        new IllegalStateException(
            "statement: SELECT 'a value'", new IllegalStateException("connection refused"));

    assertThat(Causes.message(failure)).isEqualTo("connection refused");
  }
}
