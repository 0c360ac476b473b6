package dev.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines in the files below the data directory. */
class LogLinesTest {

  private final LoggerContext context = new LoggerContext();

  @TempDir private Path logs;

  @BeforeEach
  void configure() throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.putProperty("millrace.logs", logs.toString());
    configurator.setContext(context);
    configurator.doConfigure(LogLinesTest.class.getResource("/logback-standalone.xml"));
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void aBrokenConnectionIsToldByWhoeverUsesIt() throws IOException {
    context
        .getLogger("com.zaxxer.hikari.pool.ProxyConnection")
        .warn("marked as broken", new IllegalStateException("broken"));

    assertThat(lines()).isEmpty();
  }

  @Test
  void whatACallerSentBeginsNoLineOfItsOwn() throws IOException {
    context
        .getLogger("dev.millrace.Test")
        .atInfo()
        .addKeyValue("path", "/x\n2026-12-01T00:00:00.000Z ERROR forged\u0000\u001b[31m")
        .log("request");

    assertThat(lines())
        .singleElement()
        .asString()
        .endsWith("request path=\"/x 2026-12-01T00:00:00.000Z ERROR forged  [31m\"");
  }

  @Test
  void theCauseOfAFailureFollowsInLinesOfItsOwn() throws IOException {
    context
        .getLogger("dev.millrace.Test")
        .atError()
        .setCause(new IllegalStateException("broken"))
        .log("failed");

    assertThat(lines()).hasSizeGreaterThan(2).contains("java.lang.IllegalStateException: broken");
  }

  private List<String> lines() throws IOException {
    try (Stream<Path> files = Files.list(logs)) {
      return files.flatMap(LogLinesTest::linesOf).toList();
    }
  }

  private static Stream<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
