package dev.millrace.health.project;

import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Does something for every project again and again, each on a virtual thread of its own, so that a
 * slow one delays no other. Starts and intervals vary a little, so that the rounds do not fall
 * together. A project of another instance is left to that one.
 */
public final class ProjectRounds {

  /** Share of the interval by which one round may come earlier or later. */
  private static final double JITTER = 0.1;

  private final String name;
  private final List<Project> projects;
  private final Duration interval;
  private final Ownership ownership;
  private final Round round;
  private final List<Thread> threads = new ArrayList<>();

  /** What is done for a project. */
  @FunctionalInterface
  public interface Round {
    /** Does it once. */
    void run(Project project) throws InterruptedException;
  }

  /** Which projects are this instance's. */
  @FunctionalInterface
  public interface Ownership {

    /** All of them, where there is one instance. */
    Ownership ALL = _ -> true;

    /** Whether a project is this instance's now; it may be another's later. */
    boolean owns(String project);
  }

  /**
   * @param name what the threads are called
   * @param interval from the begin of a round to the begin of the next, give or take a tenth
   */
  public ProjectRounds(
      String name, List<Project> projects, Duration interval, Ownership ownership, Round round) {
    this.name = name;
    this.projects = List.copyOf(projects);
    this.interval = interval;
    this.ownership = ownership;
    this.round = round;
  }

  public synchronized void start() {
    for (Project project : projects) {
      threads.add(
          Thread.ofVirtual().name(name + "-" + project.name()).start(() -> repeat(project)));
    }
  }

  /** Whether every project has its rounds. */
  public synchronized Health check() {
    long dead = threads.stream().filter(thread -> !thread.isAlive()).count();
    return dead == 0 ? Health.UP : Health.down(dead + " projects are not watched any more");
  }

  /** Ends all rounds, also those in the middle of something. */
  public synchronized void stop() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat(Project project) {
    try {
      Thread.sleep(part(interval, ThreadLocalRandom.current().nextDouble()));
      while (!Thread.currentThread().isInterrupted()) {
        long start = System.nanoTime();
        if (ownership.owns(project.name())) {
          round.run(project);
        }
        Duration spent = Duration.ofNanos(System.nanoTime() - start);
        Duration pause = nextInterval().minus(spent);
        Thread.sleep(pause.isNegative() ? Duration.ZERO : pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration nextInterval() {
    return part(interval, 1 + JITTER * ThreadLocalRandom.current().nextDouble(-1, 1));
  }

  private static Duration part(Duration duration, double share) {
    return Duration.ofNanos((long) (duration.toNanos() * share));
  }
}
