package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.RunningApp;
import dev.millrace.runtime.health.HealthCheck.Health;
import java.util.HashMap;
import java.util.Map;

/** An app with a configuration of its own: beside those of the pipeline, or in place of one. */
final class AppBeside implements AutoCloseable {

  private final RunningApp running;
  private final Runnable afterwards;

  private AppBeside(RunningApp running, Runnable afterwards) {
    this.running = running;
    this.afterwards = afterwards;
  }

  /**
   * Starts an app and waits until it is ready.
   *
   * @param overrides what it has in another way than the pipeline
   */
  static AppBeside start(Millrace millrace, App app, Map<String, String> overrides) {
    return start(millrace, app, overrides, () -> {});
  }

  /** The same, while the pipeline's own is stopped. */
  static AppBeside inPlaceOf(Millrace millrace, App app, Map<String, String> overrides) {
    millrace.pipeline().stopApp(app.name());
    return start(
        millrace,
        app,
        overrides,
        () -> {
          millrace.pipeline().startApp(app.name());
          eventually().until(() -> millrace.pipeline().notReady().isEmpty());
        });
  }

  private static AppBeside start(
      Millrace millrace, App app, Map<String, String> overrides, Runnable afterwards) {
    Map<String, String> own = new HashMap<>(overrides);
    own.put("GATEWAY_PORT", "0");
    RunningApp running = RunningApp.start(app, millrace.pipeline().environment().with(own));
    eventually()
        .untilAsserted(
            () -> assertThat(running.readiness().check().values()).containsOnly(Health.UP));
    return new AppBeside(running, afterwards);
  }

  @Override
  public void close() {
    running.stop();
    afterwards.run();
  }
}
