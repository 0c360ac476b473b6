package dev.millrace.standalone.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.sift.AbstractDiscriminator;
import dev.millrace.standalone.pipeline.Apps;
import java.util.List;

/**
 * Tells which app a log event belongs to, in a process that runs all of them: every thread of an
 * app carries its name, those of its Kafka clients included.
 */
public final class AppDiscriminator extends AbstractDiscriminator<ILoggingEvent> {

  private static final String KEY = "component";
  private static final String BROKER = "kafka";
  private static final String REST = "millrace";

  private final List<String> apps = Apps.names();

  @Override
  public String getDiscriminatingValue(ILoggingEvent event) {
    String thread = event.getThreadName();
    for (String app : apps) {
      if (thread.contains(app)) {
        return app;
      }
    }
    String logger = event.getLoggerName();
    return logger.startsWith("kafka.") || logger.startsWith("org.apache.kafka.") ? BROKER : REST;
  }

  @Override
  public String getKey() {
    return KEY;
  }
}
