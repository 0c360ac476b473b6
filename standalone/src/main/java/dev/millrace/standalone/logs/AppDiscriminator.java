package dev.millrace.standalone.logs;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.sift.AbstractDiscriminator;
import dev.millrace.runtime.app.App;
import dev.millrace.standalone.pipeline.Apps;
import java.util.List;

/**
 * Tells which app a log event belongs to, in a process that runs all of them: by its thread, which
 * carries the app's name when the app or one of its Kafka clients started it; else by the package
 * that logs.
 */
public final class AppDiscriminator extends AbstractDiscriminator<ILoggingEvent> {

  private static final String KEY = "component";
  private static final String BROKER = "kafka";
  private static final String REST = "millrace";

  private final List<App> apps = Apps.all();

  @Override
  public String getDiscriminatingValue(ILoggingEvent event) {
    String thread = event.getThreadName();
    for (App app : apps) {
      if (thread.contains(app.name())) {
        return app.name();
      }
    }
    String logger = event.getLoggerName();
    for (App app : apps) {
      if (logger.startsWith(app.getClass().getPackageName() + ".")) {
        return app.name();
      }
    }
    return logger.startsWith("kafka.") || logger.startsWith("org.apache.kafka.") ? BROKER : REST;
  }

  @Override
  public String getKey() {
    return KEY;
  }
}
