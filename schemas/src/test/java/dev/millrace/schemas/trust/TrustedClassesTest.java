package dev.millrace.schemas.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedClassesTest {

  /** In classes of its own, in which nothing else has used Avro before. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.millrace.schemas.task.Priority",
        "dev.millrace.schemas.platform.PlatformEvent",
        "dev.millrace.schemas.task.TaskRequest",
        "dev.millrace.schemas.agent.AgentCommand",
      })
  void aGeneratedClassIsTrustedAsSoonAsItIsUsed(String name) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader fresh =
        new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(fresh);
      Class<?> generated = Class.forName(name, true, fresh);
      Class<?> validator = Class.forName(ClassSecurityValidator.class.getName(), true, fresh);

      assertThat(validator.getMethod("validate", Class.class).invoke(null, generated)).isNull();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void classesOfOthersAreNotTrusted() {
    assertThat(new Schema.Parser().parse("\"string\"").getType()).isEqualTo(Schema.Type.STRING);

    assertThatThrownBy(() -> ClassSecurityValidator.validate(ProcessBuilder.class))
        .isInstanceOf(SecurityException.class);
  }

  private static URL[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(TrustedClassesTest::url)
        .toArray(URL[]::new);
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
