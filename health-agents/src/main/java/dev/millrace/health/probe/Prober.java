package dev.millrace.health.probe;

import dev.millrace.health.project.Project;
import dev.millrace.health.project.ProjectHttp;
import dev.millrace.health.project.ProjectRounds;
import dev.millrace.health.project.ProjectRounds.Ownership;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.health.HealthProbe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at every project of this instance again and again. */
public final class Prober implements Component {

  private static final Logger log = LoggerFactory.getLogger(Prober.class);

  private final String app;
  private final Probes probes;
  private final ProjectHttp http;
  private final HttpProbe probe;
  private final ProjectRounds rounds;

  /** Where probes go. */
  @FunctionalInterface
  public interface Probes {
    /** Writes a probe and waits until it is acknowledged. */
    void write(HealthProbe probe, EventContext context) throws InterruptedException;
  }

  public Prober(String app, ProbeConfig config, Ownership ownership, Probes probes) {
    this.app = app;
    this.probes = probes;
    this.http = new ProjectHttp(config.timeout());
    this.probe = new HttpProbe(http);
    this.rounds =
        new ProjectRounds(
            app + "-probe", config.projects(), config.interval(), ownership, this::lookOnce);
  }

  @Override
  public void start() {
    rounds.start();
  }

  /** Whether every project is watched. */
  public Health check() {
    return rounds.check();
  }

  @Override
  public void stop() {
    rounds.stop();
    http.shutdownNow();
  }

  private void lookOnce(Project project) throws InterruptedException {
    HealthProbe seen = probe.look(project);
    try {
      probes.write(seen, EventContext.start(app, TraceContext.start()));
    } catch (PublishException e) {
      log.atWarn()
          .addKeyValue("project", project.name())
          .addKeyValue("reason", e.getMessage())
          .log("a probe was not written; the next one follows");
    }
  }
}
