package dev.millrace.health.scrape;

import dev.millrace.health.project.Project;
import dev.millrace.health.project.ProjectHttp;
import dev.millrace.health.project.ProjectRounds;
import dev.millrace.health.project.ProjectRounds.Ownership;
import dev.millrace.health.scrape.KnownSeries.Earlier;
import dev.millrace.health.scrape.KnownSeries.Reading;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.health.HealthMetric;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the metrics of every project that exposes some, again and again, and writes them as samples
 * like those that are pushed. Metrics that cannot be read are counted and said once; whether the
 * project is up is for its probes to say.
 */
public final class Collector implements Component {

  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  private final String app;
  private final ScrapeConfig config;
  private final Samples samples;
  private final MeterRegistry meters;
  private final ProjectHttp http;
  private final HttpScrape scrape;
  private final ProjectRounds rounds;
  private final Map<String, Earlier> earlier = new ConcurrentHashMap<>();
  private final Map<String, String> failing = new ConcurrentHashMap<>();

  /** Where samples go. */
  @FunctionalInterface
  public interface Samples {
    /** Writes a sample and waits until it is acknowledged. */
    void write(HealthMetric sample, EventContext context) throws InterruptedException;
  }

  public Collector(
      String app, ScrapeConfig config, Ownership ownership, Samples samples, MeterRegistry meters) {
    this.app = app;
    this.config = config;
    this.samples = samples;
    this.meters = meters;
    this.http = new ProjectHttp(config.timeout());
    this.scrape = new HttpScrape(http);
    this.rounds =
        new ProjectRounds(
            app + "-metrics", config.projects(), config.interval(), ownership, this::collect);
  }

  @Override
  public void start() {
    rounds.start();
  }

  /** Whether every project has its metrics read. */
  public Health check() {
    return rounds.check();
  }

  @Override
  public void stop() {
    rounds.stop();
    http.shutdownNow();
  }

  private void collect(Project project) throws InterruptedException {
    try {
      List<Sample> read = read(project);
      Instant now = Instant.now();
      for (Sample sample : read) {
        samples.write(
            sample.of(project.name(), now), EventContext.start(app, TraceContext.start()));
      }
      succeeded(project);
    } catch (ScrapeException | PublishException e) {
      failed(project, String.valueOf(e.getMessage()));
    }
  }

  private List<Sample> read(Project project) throws ScrapeException, InterruptedException {
    HttpScrape.Answer answer = scrape.read(project);
    if (answer.isJson()) {
      return JsonSamples.parse(answer.text(), project.name());
    }
    Reading reading =
        new KnownSeries(config.named(), config.memoryLimit(project.name()))
            .read(
                Exposition.parse(answer.text()),
                earlier.getOrDefault(project.name(), Earlier.NOTHING),
                System.nanoTime());
    earlier.put(project.name(), reading.next());
    return reading.samples();
  }

  private void succeeded(Project project) {
    count("succeeded");
    if (failing.remove(project.name()) != null) {
      log.atInfo().addKeyValue("project", project.name()).log("metrics are read again");
    }
  }

  private void failed(Project project, String reason) {
    count("failed");
    if (failing.put(project.name(), reason) == null) {
      log.atWarn()
          .addKeyValue("project", project.name())
          .addKeyValue("url", project.urlWithoutUserInfo())
          .addKeyValue("reason", reason)
          .log("metrics are not read; said once, until they are again");
    }
  }

  private void count(String outcome) {
    meters.counter("millrace.health.scrapes", "outcome", outcome).increment();
  }
}
