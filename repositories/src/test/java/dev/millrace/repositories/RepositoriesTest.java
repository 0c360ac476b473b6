package dev.millrace.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoriesTest {

  @Test
  void aRepositoryOnThisMachineIsLocalAndEveryOtherIsOnGitHub() {
    Repositories repositories =
        Repositories.from(
            Environment.of(Map.of("LOCAL_REPOSITORIES", "acme/site=/srv/site.git, a/b=/srv/b")));

    assertThat(repositories.local()).containsExactly("a/b", "acme/site");
    assertThat(repositories.repository("acme/site")).isInstanceOf(LocalRepository.class);
    assertThat(repositories.repository("acme/other")).isInstanceOf(GitHubRepository.class);
    assertThat(repositories.repository("acme/other").name()).isEqualTo("acme/other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"site=/srv/site", "acme/site=relative", "../x=/srv/x", "acme/..=/srv"})
  void aWrongConfigurationNamesTheVariable(String value) {
    assertThatThrownBy(() -> Repositories.from(Environment.of(Map.of("LOCAL_REPOSITORIES", value))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("LOCAL_REPOSITORIES: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "site", "acme/..", "acme/site/more", "acme/a b", "acme/a?b", "/site"})
  void whatIsNoNameIsNotFound(String name) {
    assertThatThrownBy(() -> Repositories.from(Environment.of(Map.of())).repository(name))
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("not_found"));
  }
}
