package dev.millrace.runtime.app;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.config.ReplacedVariables;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one app as a process of its own: until SIGTERM, which finishes what is in flight. */
public final class AppMain {

  private static final Logger log = LoggerFactory.getLogger(AppMain.class);

  /** Exit code for a wrong configuration, EX_CONFIG of BSD's sysexits. */
  private static final int EXIT_CONFIGURATION = 78;

  private static final int EXIT_FAILURE = 1;

  private AppMain() {}

  /** Runs the app with the environment of this process; does not return. */
  public static void run(App app) {
    JulBridge.install();
    Environment environment = Environment.system();
    ReplacedVariables.found(environment).forEach(log::warn);
    RunningApp running;
    try {
      running = RunningApp.start(app, environment);
    } catch (ConfigurationException e) {
      log.error("wrong configuration: {}", e.getMessage());
      System.exit(EXIT_CONFIGURATION);
      return;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name(app.name() + "-stop")
                .unstarted(() -> {
                  running.stop();
                  stopped.countDown();
                }));
    try {
      running.ready().get();
      stopped.await();
    } catch (ExecutionException e) {
      System.exit(EXIT_FAILURE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
