package dev.millrace.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher's shell functions, in an environment that lacks what a terminal has. */
class LauncherTest {

  @Test
  void aJdkIsFoundForAUserWithoutAHome() throws Exception {
    String jdk = System.getProperty("java.home");

    String found = bash("find_jdk; printf '%s' \"$JAVA_HOME\"", Map.of("JAVA_HOME", jdk));

    assertThat(found).isEqualTo(jdk);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "C", "POSIX", "xx_XX.UTF-8"})
  void withoutALocaleThatIsThereTextIsUtf8(String locale) throws Exception {
    String charset = bash("use_utf8; locale charmap", Map.of("LANG", locale));

    assertThat(charset).isEqualTo("UTF-8\n");
  }

  @Test
  void aLocaleThatIsThereIsLeftAsItIs() throws Exception {
    String all = bash("use_utf8; printf '%s' \"${LC_ALL:-unset}\"", Map.of("LANG", "C.UTF-8"));

    assertThat(all).isEqualTo("unset");
  }

  @Test
  void whatABuildLeftThatBrokeOffBeforeItCompiledIsForgotten(@TempDir Path root) throws Exception {
    // given
    Path classes = root.resolve("schemas/target/classes");
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("org.example.Plugin"), "org.example.NotCompiled\n");

    // when
    bash("source src/main/sh/build.sh; forget_old_schemas", Map.of("root", root.toString()));

    // then
    assertThat(classes).doesNotExist();
  }

  @Test
  void whatWasCompiledIsKept(@TempDir Path root) throws Exception {
    // given
    Path classes = root.resolve("schemas/target/classes");
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("org.example.Plugin"), "org.example.Compiled\n");
    Files.createFile(
        Files.createDirectories(classes.resolve("org/example")).resolve("Compiled.class"));

    // when
    bash("source src/main/sh/build.sh; forget_old_schemas", Map.of("root", root.toString()));

    // then
    assertThat(classes).exists();
  }

  /** What a script prints that has the functions, and of the environment only this and the path. */
  private static String bash(String script, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash",
                "-c",
                "set -euo pipefail; source src/main/sh/messages.sh; source src/main/sh/jdk.sh; "
                    + script)
            .redirectErrorStream(true);
    String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
