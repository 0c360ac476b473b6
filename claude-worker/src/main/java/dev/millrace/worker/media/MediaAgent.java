package dev.millrace.worker.media;

import dev.millrace.runtime.usage.ModelCall.Purpose;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The producer of a video: no language model, but a picture for each shot of a storyboard, and a
 * clip from each picture. The storyboard is the material of its task. Without the key of a service
 * it makes nothing there, and its answer says what was not made and why.
 *
 * <p>A run goes on where an earlier one of the same flow was: what was asked for is asked after,
 * and what is done is not made again. See {@link Production}.
 */
public final class MediaAgent implements Agent, AutoCloseable {

  /** The role that it works in, whichever agent's queue its task waits in. */
  public static final String ROLE = "producer";

  private static final String MATERIAL = "material";
  private static final String FLOW = "flow";

  private final MediaConfig config;
  private final Map<Medium, Generator> generators;
  private final Generations generations;
  private final Payments payments;

  /** Hears of what was bought. */
  @FunctionalInterface
  public interface Payments {

    /**
     * A generation was accepted, and so is paid for.
     *
     * @param units what it is charged by: images, or seconds of a clip
     */
    void paid(AgentRun run, Bought what, long units);
  }

  /** What was bought: of whom, and which. */
  public record Bought(Purpose purpose, String provider, String model) {}

  public MediaAgent(MediaConfig config, Generations generations, Payments payments) {
    this.config = config;
    this.generations = generations;
    this.payments = payments;
    this.generators = new EnumMap<>(Medium.class);
    config
        .kie()
        .ifPresent(
            kie -> generators.put(Medium.IMAGE, new Midjourney(kie, config.midjourneyVersion())));
    config.fal().ifPresent(fal -> generators.put(Medium.CLIP, new Kling(fal, config.clipModel())));
  }

  @Override
  public Provider provider() {
    return config.isOffline() ? Provider.OFFLINE : Provider.MEDIA;
  }

  @Override
  public boolean repeatable() {
    return config.isOffline();
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    Optional<List<Shot>> shots = run.attribute(MATERIAL).flatMap(Shot::allOf);
    if (shots.isEmpty()) {
      return new AgentResult.Failed(
          AgentFailure.permanent(
              "storyboard_invalid", "expected a storyboard as the task's material, found none"));
    }
    return new Production(config, generators, generations, payments, flow(run), run, reporter)
        .of(shots.get());
  }

  /** The flow whose step the run is; nobody works on another's by naming it. */
  private static String flow(AgentRun run) {
    String task = run.taskId().value();
    return run.attribute(FLOW).filter(flow -> task.startsWith(flow + '.')).orElse(task);
  }

  @Override
  public void close() {
    generators.values().forEach(Generator::close);
  }
}
