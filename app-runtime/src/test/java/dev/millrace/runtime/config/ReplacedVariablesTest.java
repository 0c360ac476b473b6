package dev.millrace.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplacedVariablesTest {

  @Test
  void whatTakesThePlaceOfAVariableIsSaidWithoutItsValue() {
    Environment environment =
        Environment.of(Map.of("PROJECTS_DIR", "/srv/projects", "SUPABASE_ANON_KEY", " "));

    assertThat(ReplacedVariables.found(environment))
        .containsExactly(
            "PROJECTS_DIR is set, but nothing reads it here: LOCAL_REPOSITORIES puts repositories"
                + " on this machine, as owner/name=/path");
  }
}
