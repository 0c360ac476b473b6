package dev.millrace.worker.media;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.ApprovalRequiredException;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.media.Generations.Piece;
import dev.millrace.worker.media.Generations.Standing;
import dev.millrace.worker.media.MediaAgent.Bought;
import dev.millrace.worker.media.MediaAgent.Payments;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run's work on the media of a storyboard. In rounds, it takes every generation one step
 * further: asks for it, or asks after it. It ends when all are done, when one came to nothing, or
 * when its time is over; another run then goes on.
 *
 * <p>A generation that was to be asked for, and of which no answer is known, may have been paid
 * for: a person is asked before it is asked for again.
 */
final class Production {

  private static final String NO_PICTURE = "there is no picture of the shot to move";

  private final MediaConfig config;
  private final Map<Medium, Generator> generators;
  private final Generations generations;
  private final Payments payments;
  private final String flow;
  private final AgentRun run;
  private final RunReporter reporter;
  private final long deadline;
  private final Map<Piece, Standing> known = new HashMap<>();

  /** When a service may be asked again, in the JVM's nanoseconds. */
  private final Map<Medium, Long> notBefore = new HashMap<>();

  Production(
      MediaConfig config,
      Map<Medium, Generator> generators,
      Generations generations,
      Payments payments,
      String flow,
      AgentRun run,
      RunReporter reporter) {
    this.config = config;
    this.generators = generators;
    this.generations = generations;
    this.payments = payments;
    this.flow = flow;
    this.run = run;
    this.reporter = reporter;
    this.deadline = System.nanoTime() + config.timeout().toNanos();
  }

  AgentResult of(List<Shot> shots) throws InterruptedException {
    tellWhatIsMissing();
    if (!generators.isEmpty()) {
      known.putAll(generations.of(flow));
    }
    try {
      while (true) {
        for (Shot shot : shots) {
          step(shot);
        }
        long open = shots.stream().filter(this::isOpen).count();
        if (open == 0) {
          return new AgentResult.Completed(result(shots).toString(), List.of(), null);
        }
        if (System.nanoTime() - deadline >= 0) {
          return new AgentResult.Failed(pending(open));
        }
        Thread.sleep(config.pollInterval());
      }
    } catch (MediaException e) {
      return new AgentResult.Failed(e.failure());
    }
  }

  private void tellWhatIsMissing() {
    for (Medium medium : Medium.values()) {
      if (!generators.containsKey(medium)) {
        reporter.log("[offline] makes no %s: %s is not set".formatted(medium.code(), key(medium)));
      }
    }
  }

  /** The next step of a shot: its picture first, then the clip from it. */
  private void step(Shot shot) throws MediaException, InterruptedException {
    Generator images = generators.get(Medium.IMAGE);
    if (images == null) {
      return; // without a picture there is nothing to move
    }
    Optional<URI> image = step(shot, Medium.IMAGE, images, null);
    Generator clips = generators.get(Medium.CLIP);
    if (image.isPresent() && clips != null) {
      step(shot, Medium.CLIP, clips, image.get());
    }
  }

  private Optional<URI> step(Shot shot, Medium medium, Generator generator, @Nullable URI image)
      throws MediaException, InterruptedException {
    Piece piece = new Piece(shot.number(), medium);
    Standing standing = known.get(piece);
    if (standing instanceof Standing.Finished done) {
      return Optional.of(done.url());
    }
    Long until = notBefore.get(medium);
    if (until != null && System.nanoTime() - until < 0) {
      return Optional.empty();
    }
    switch (standing) {
      case null -> submit(piece, shot, generator, image);
      case Standing.Intended intended -> {
        if (run.approvals() <= intended.approvals()) {
          throw new ApprovalRequiredException(lost(piece, generator));
        }
        submit(piece, shot, generator, image);
      }
      case Standing.Submitted submitted -> look(piece, generator, submitted.requestId());
      case Standing.Finished _ -> throw new IllegalStateException("it was finished before");
    }
    return Optional.empty();
  }

  private void submit(Piece piece, Shot shot, Generator generator, @Nullable URI image)
      throws MediaException, InterruptedException {
    reporter.beforeCall();
    generations.intend(flow, piece, run);
    known.put(piece, new Standing.Intended(run.approvals()));
    try {
      String requestId = generator.submit(shot, image);
      generations.submitted(flow, piece, requestId);
      known.put(piece, new Standing.Submitted(requestId));
      payments.paid(
          run,
          new Bought(generator.purpose(), generator.provider(), generator.model()),
          generator.units(shot));
      reporter.log("asked %s for %s".formatted(generator.provider(), name(piece)));
    } catch (MediaException e) {
      switch (e.kind()) {
        case UNCERTAIN -> {
          reporter.log(String.valueOf(e.getMessage()));
          throw new ApprovalRequiredException(lost(piece, generator));
        }
        case LIMITED, UNREACHED -> {
          forget(piece);
          waitFor(piece.medium(), e);
        }
        case UNAUTHORIZED, REFUSED -> {
          forget(piece);
          throw e;
        }
      }
    }
  }

  private void look(Piece piece, Generator generator, String requestId)
      throws MediaException, InterruptedException {
    try {
      switch (generator.look(requestId)) {
        case Progress.Pending _ -> {}
        case Progress.Made(URI url) -> {
          generations.finished(flow, piece, url);
          known.put(piece, new Standing.Finished(url));
          reporter.log("%s is done: %s".formatted(name(piece), url));
        }
        case Progress.Failed(String reason) ->
            throw new MediaException(
                MediaException.Kind.REFUSED, "%s: %s".formatted(name(piece), reason), null);
      }
    } catch (MediaException e) {
      switch (e.kind()) {
        case LIMITED, UNREACHED, UNCERTAIN -> waitFor(piece.medium(), e);
        case REFUSED -> {
          forget(piece);
          throw e;
        }
        case UNAUTHORIZED -> throw e;
      }
    }
  }

  /** Asks a service no more for a while; fails the run if that is longer than it waits. */
  private void waitFor(Medium medium, MediaException e) throws MediaException {
    reporter.log(String.valueOf(e.getMessage()));
    Duration wait =
        e.retryAfter().compareTo(config.pollInterval()) > 0
            ? e.retryAfter()
            : config.pollInterval();
    long until = System.nanoTime() + wait.toNanos();
    if (until - deadline > 0) {
      throw e;
    }
    notBefore.put(medium, until);
  }

  private void forget(Piece piece) {
    generations.forget(flow, piece);
    known.remove(piece);
  }

  private boolean isOpen(Shot shot) {
    return generators.containsKey(Medium.IMAGE)
        && generators.keySet().stream().anyMatch(medium -> url(shot, medium).isEmpty());
  }

  private Optional<URI> url(Shot shot, Medium medium) {
    return known.get(new Piece(shot.number(), medium)) instanceof Standing.Finished done
        ? Optional.of(done.url())
        : Optional.empty();
  }

  private ObjectNode result(List<Shot> shots) {
    ObjectNode result =
        JsonNodeFactory.instance
            .objectNode()
            .put("offline", generators.size() < Medium.values().length);
    ArrayNode assets = result.putArray("assets");
    ArrayNode notMade = result.putArray("not_made");
    for (Shot shot : shots) {
      for (Medium medium : Medium.values()) {
        Optional<URI> url = url(shot, medium);
        Generator generator = generators.get(medium);
        ObjectNode entry =
            (url.isPresent() ? assets : notMade)
                .addObject()
                .put("shot", shot.number())
                .put("kind", medium.code());
        if (url.isPresent() && generator != null) {
          entry
              .put("provider", generator.provider())
              .put("model", generator.model())
              .put("url", url.get().toString());
        } else {
          entry.put("reason", generator == null ? key(medium) + " is not set" : NO_PICTURE);
        }
      }
    }
    return result;
  }

  private static String key(Medium medium) {
    return switch (medium) {
      case IMAGE -> MediaConfig.KIE_KEY;
      case CLIP -> MediaConfig.FAL_KEY;
    };
  }

  private static String name(Piece piece) {
    return "the %s of shot %d".formatted(piece.medium().code(), piece.shot());
  }

  private static String lost(Piece piece, Generator generator) {
    return "%s was asked for %s, and its answer was lost: it may be paid for; look at the account there, then approve the task to ask again"
        .formatted(generator.provider(), name(piece));
  }

  private AgentFailure pending(long open) {
    return AgentFailure.temporary(
        "media_pending",
        "%d shots have images or clips under way after %s; the next run goes on with them"
            .formatted(open, config.timeout()));
  }
}
