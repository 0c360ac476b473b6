package dev.millrace.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryPathTest {

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/a b/ü.md", ".github/dependabot.yml", "a/.gitignore"})
  void anOrdinaryPathMayBeWritten(String path) {
    assertThatCode(() -> RepositoryPath.checkWritable(path, false)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../outside",
        "docs/../../outside",
        "docs/./a",
        "docs//a",
        "docs/",
        "..",
        "docs\\a",
        "a\u0000b",
        ".git/config",
        "sub/.GIT/hooks/pre-commit",
        ".git",
      })
  void aPathThatLeavesTheRepositoryMayNotEvenBeRead(String path) {
    assertThatThrownBy(() -> RepositoryPath.checkReadable(path))
        .isInstanceOfSatisfying(
            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("invalid_path"))
        .hasMessageContaining("path '" + path + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git~1/config",
        ".git /config",
        ".git./config",
        ".g\u200cit/config",
        "C:/temp",
        "aux",
        "docs/name.",
      })
  void aNameThatAFileSystemTakesForAnotherMayNotBeWritten(String path) {
    assertThatThrownBy(() -> RepositoryPath.checkWritable(path, true))
        .isInstanceOf(RepositoryException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {".github/workflows/ci.yml", ".GitHub/Workflows/ci.yml"})
  void workflowsNeedPermission(String path) {
    assertThatThrownBy(() -> RepositoryPath.checkWritable(path, false))
        .isInstanceOf(RepositoryException.class);
    assertThatCode(() -> RepositoryPath.checkWritable(path, true)).doesNotThrowAnyException();
  }

  @Property
  void whateverIsAcceptedStaysInside(@ForAll("paths") String path) {
    try {
      RepositoryPath.checkReadable(path);
    } catch (RepositoryException _) {
      return;
    }
    Path root = Path.of("/repository");
    Path resolved = root.resolve(path).normalize();
    assertThat(resolved).startsWithRaw(root);
    assertThat(resolved).isNotEqualTo(root);
    assertThat(resolved.toString()).isEqualTo("/repository/" + path);
    assertThat(resolved).doesNotHaveToString("/repository/.git");
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of("a", "b.md", "..", ".", "/", "//", ".git", "\\", " ", "~", "\u0000")
        .list()
        .ofMaxSize(7)
        .map(parts -> String.join("", parts));
  }
}
