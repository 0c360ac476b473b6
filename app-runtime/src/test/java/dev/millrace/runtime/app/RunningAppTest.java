package dev.millrace.runtime.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.health.HealthCheck.Health;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RunningAppTest {

  private static final Environment ENVIRONMENT = Environment.of(Map.of("MANAGEMENT_PORT", "0"));

  private final List<String> events = new CopyOnWriteArrayList<>();

  @Test
  void startsInOrderAndStopsInReverse() throws Exception {
    RunningApp app =
        start(context -> {
          context.add(part("a"));
          context.add(part("b"));
          context.add(part("c"));
        });
    assertThat(app.ready().get()).isNotNull();

    app.stop();
    app.stop();

    assertThat(events)
        .containsExactly("start a", "start b", "start c", "stop c", "stop b", "stop a");
  }

  @Test
  void isReadyWhenEverythingIsStarted() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (RunningApp app = start(context -> context.add(Component.step(go::await)))) {
      assertThat(app.readiness().check().get("started")).isEqualTo(Health.down("starting"));
      go.countDown();
      assertThat(app.ready().get()).isNotNull();
      assertThat(app.readiness().check().get("started")).isEqualTo(Health.UP);
    }
  }

  @Test
  void aPartThatFailsIsStoppedAndThoseAfterItNeverStart() {
    RunningApp app =
        start(context -> {
          context.add(part("a"));
          context.add(failing("b"));
          context.add(part("c"));
        });

    assertThatThrownBy(() -> app.ready().get())
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("no b today");
    assertThat(app.readiness().check().get("started"))
        .isEqualTo(Health.down("could not start: no b today"));
    app.stop();

    assertThat(events).containsExactly("start a", "start b", "stop b", "stop a");
  }

  @Test
  void aStartThatWaitsIsInterruptedByTheStop() {
    CountDownLatch never = new CountDownLatch(1);
    RunningApp app =
        start(context -> {
          context.add(part("a"));
          context.add(waiting("b", never));
          context.add(part("c"));
        });
    Awaitility.await().until(() -> events.contains("start b"));

    app.stop();

    assertThat(events).containsExactly("start a", "start b", "stop b", "stop a");
    assertThatThrownBy(() -> app.ready().get())
        .hasRootCauseMessage("test-app was stopped while starting");
  }

  @Test
  void aPartThatDoesNotStopCleanlyDoesNotKeepTheOthersFromIt() throws Exception {
    RunningApp app =
        start(context -> {
          context.add(part("a"));
          context.add(
              Component.closing(() -> {
                throw new java.io.IOException("stuck");
              }));
        });
    assertThat(app.ready().get()).isNotNull();

    app.stop();

    assertThat(events).containsExactly("start a", "stop a");
  }

  @Test
  void aWrongConfigurationIsSaidBeforeAnythingStarts() {
    assertThatThrownBy(() ->
            start(context -> {
              context.add(part("a"));
              String _ = context.environment().required("MISSING");
            }))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("MISSING: ");
    assertThat(events).isEmpty();
  }

  @Test
  void aManagementPortThatIsTakenIsSaid() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      Environment environment =
          Environment.of(Map.of("MANAGEMENT_PORT", Integer.toString(taken.getLocalPort())));

      assertThatThrownBy(() -> RunningApp.start(app(context -> {}), environment))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith("MANAGEMENT_PORT: test-app could not listen at 127.0.0.1:");
    }
  }

  @Test
  void clientsThatWereMadeAreClosedEvenIfNothingStarted() {
    RunningApp app =
        RunningApp.start(
            app(context -> {
              context.add(failing("a"));
              assertThat(context.database().dataSource()).isNotNull();
              context.add(Component.closing(() -> events.add("never")));
            }),
            ENVIRONMENT);
    assertThatThrownBy(() -> app.ready().get()).isInstanceOf(ExecutionException.class);

    app.stop();

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("test-app:")));
    assertThat(events).containsExactly("start a", "stop a");
  }

  private RunningApp start(Consumer<AppContext> wiring) {
    return RunningApp.start(app(wiring), ENVIRONMENT);
  }

  private static App app(Consumer<AppContext> wiring) {
    return new App() {
      @Override
      public String name() {
        return "test-app";
      }

      @Override
      public void wire(AppContext context) {
        wiring.accept(context);
      }
    };
  }

  private Component part(String name) {
    return component(name, () -> {});
  }

  private Component failing(String name) {
    return component(
        name,
        () -> {
          throw new IllegalStateException("no " + name + " today");
        });
  }

  private Component waiting(String name, CountDownLatch latch) {
    return component(name, latch::await);
  }

  private Component component(String name, Component.Step start) {
    return new Component() {
      @Override
      public void start() throws InterruptedException {
        events.add("start " + name);
        start.run();
      }

      @Override
      public void stop() {
        events.add("stop " + name);
      }
    };
  }
}
