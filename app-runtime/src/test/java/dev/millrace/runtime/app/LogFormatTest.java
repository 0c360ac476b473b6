package dev.millrace.runtime.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.pool.ProxyConnection;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lines that an app writes to standard output. */
class LogFormatTest {

  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  @BeforeEach
  void configure() throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    context.setMDCAdapter(new LogbackMDCAdapter());
    configurator.setContext(context);
    configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
    events.setContext(context);
    events.start();
    context.getLogger("dev.millrace").addAppender(events);
    context.getLogger("dev.millrace").setAdditive(false);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void aBrokenConnectionIsToldByWhoeverUsesIt() {
    assertThat(context.getLogger(ProxyConnection.class).isWarnEnabled()).isFalse();
  }

  @Test
  void aLineIsAnObjectWhoseFieldsStandSideBySide() throws JsonProcessingException {
    context
        .getLogger("dev.millrace.Test")
        .atInfo()
        .addKeyValue("function", "day.run")
        .addKeyValue("execution_time_ms", 2_500L)
        .addKeyValue("degraded_mode", false)
        .log("request");

    JsonNode line = line();

    assertThat(line.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "timestamp",
            "level",
            "logger",
            "thread",
            "message",
            "function",
            "execution_time_ms",
            "degraded_mode");
    assertThat(line.path("message").asText()).isEqualTo("request");
    assertThat(line.path("execution_time_ms").isIntegralNumber()).isTrue();
    assertThat(Instant.parse(line.path("timestamp").asText())).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void aFailureHasItsStackInOneField() throws JsonProcessingException {
    context
        .getLogger("dev.millrace.Test")
        .atError()
        .setCause(new IOException("it is away"))
        .log("could not write");

    assertThat(line().path("stack_trace").asText()).startsWith("java.io.IOException: it is away");
  }

  private JsonNode line() throws JsonProcessingException {
    ConsoleAppender<ILoggingEvent> appender =
        (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("STDOUT");
    String line = new String(appender.getEncoder().encode(events.list.getLast()), UTF_8);
    assertThat(line).endsWith("\n").containsOnlyOnce("\n");
    return new ObjectMapper().readTree(line);
  }
}
