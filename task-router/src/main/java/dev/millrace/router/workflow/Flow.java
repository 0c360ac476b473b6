package dev.millrace.router.workflow;

import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.task.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A piece of development work, or a video, on its way through several agents.
 *
 * @param id id of the task that it began with, or one made from its pull request
 * @param origin the event that it began with: everything that follows is in its trace
 * @param work what is wanted
 * @param change what was made of development work so far
 * @param video what was made of a video so far
 * @param progress where it stands
 */
public record Flow(
    String id, EventContext origin, Work work, Change change, Video video, Progress progress) {

  /** Branches that agents work on. */
  static final String BRANCH_PREFIX = "millrace/";

  /** Events that are remembered, so that one that comes again changes nothing. */
  private static final int MAX_HANDLED = 200;

  /** A flow that was kept before there were videos has none. */
  public Flow {
    video = video == null ? Video.NONE : video;
  }

  /**
   * What is wanted.
   *
   * @param description in the words of whoever asked; null for a pull request that came by itself
   * @param material what others wrote about it, such as the text of a pull request
   * @param repository where; null for a video
   * @param repositories further ones that may be read
   * @param base branch that the change is to go to; null is the default branch
   * @param filePath file that the work is about, if it is about one
   * @param attributes further parameters for the agent that writes the change
   * @param bug whether it is a work item about a bug of another flow
   * @param byPerson whether a person, not an agent, writes the change
   */
  public record Work(
      @Nullable String title,
      @Nullable String description,
      @Nullable String material,
      Priority priority,
      @Nullable String tenant,
      @Nullable String repository,
      List<String> repositories,
      @Nullable String base,
      @Nullable String filePath,
      Map<String, String> attributes,
      @Nullable String requestedBy,
      boolean bug,
      boolean byPerson) {

    /** A flow that was kept before tasks could read further repositories has none. */
    public Work {
      repositories = repositories == null ? List.of() : List.copyOf(repositories);
      attributes = Map.copyOf(attributes);
    }
  }

  /**
   * What was made so far.
   *
   * @param branch branch of the change
   * @param pullRequest number of its pull request
   * @param sha newest commit that is known
   * @param merged whether it was merged
   * @param deployed whether it was deployed
   * @param plan what the starter wrote
   * @param findings what the last review, deployment or verification found
   */
  public record Change(
      @Nullable String branch,
      @Nullable Integer pullRequest,
      @Nullable String url,
      @Nullable String sha,
      boolean merged,
      boolean deployed,
      @Nullable String plan,
      @Nullable String findings) {

    static final Change NONE = new Change(null, null, null, null, false, false, null, null);
  }

  /**
   * What was made of a video so far, each as the JSON that its agent answered with.
   *
   * @param media the assets, and what was not made
   */
  public record Video(
      @Nullable String script, @Nullable String storyboard, @Nullable String media) {

    static final Video NONE = new Video(null, null, null);

    /** What is known after a step told what it made. */
    Video after(Signal signal, @Nullable String made) {
      return new Video(
          signal == Signal.SCRIPT_CREATED ? made : script,
          signal == Signal.STORYBOARD_CREATED ? made : storyboard,
          signal == Signal.MEDIA_COMPLETED ? made : media);
    }
  }

  /** Where a flow stands. */
  public enum Status {
    RUNNING,
    /** It waits for an approval. */
    WAITING,
    COMPLETED,
    FAILED,
    CANCELLED;

    boolean hasEnded() {
      return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
  }

  /**
   * A question to a person.
   *
   * @param signal what led to it
   * @param next what is done when it is approved
   * @param until when it has expired
   */
  public record Ask(Signal signal, Next next, String question, Instant until) {}

  /**
   * Where it stands.
   *
   * @param step task of the agent that works on it, or worked on it last
   * @param running whether that agent is at work
   * @param ask what a person is asked
   * @param rounds how often changes were asked for
   * @param steps agents that were started
   * @param endedAt when it ended, if it has
   * @param handled events that it took, the newest last
   */
  public record Progress(
      Status status,
      @Nullable String step,
      boolean running,
      @Nullable Ask ask,
      int rounds,
      int steps,
      @Nullable Instant endedAt,
      List<String> handled) {

    static final Progress BEGUN =
        new Progress(Status.RUNNING, null, false, null, 0, 0, null, List.of());

    public Progress {
      handled = List.copyOf(handled);
    }

    Progress took(String event) {
      List<String> all = new ArrayList<>(handled);
      all.add(event);
      return new Progress(
          status,
          step,
          running,
          ask,
          rounds,
          steps,
          endedAt,
          all.subList(Math.max(0, all.size() - MAX_HANDLED), all.size()));
    }

    Progress started(String stepId) {
      return new Progress(Status.RUNNING, stepId, true, null, rounds, steps + 1, null, handled);
    }

    Progress stopped() {
      return new Progress(status, step, false, null, rounds, steps, endedAt, handled);
    }

    Progress asking(Ask question) {
      return new Progress(Status.WAITING, step, false, question, rounds, steps, null, handled);
    }

    Progress answered() {
      return new Progress(Status.RUNNING, step, false, null, rounds, steps, null, handled);
    }

    Progress another() {
      return new Progress(status, step, running, ask, rounds + 1, steps, endedAt, handled);
    }

    Progress ended(Status how, Instant at) {
      return new Progress(how, step, false, null, rounds, steps, at, handled);
    }
  }

  static Flow begun(String id, EventContext origin, Work work) {
    return new Flow(id, origin, work, Change.NONE, Video.NONE, Progress.BEGUN);
  }

  Flow at(Progress next) {
    return new Flow(id, origin, work, change, video, next);
  }

  Flow with(Change next) {
    return new Flow(id, origin, work, next, video, progress);
  }

  Flow with(Video next) {
    return new Flow(id, origin, work, change, next, progress);
  }

  /** The branch that an agent commits to. */
  String workBranch() {
    return change.branch() == null ? BRANCH_PREFIX + id : change.branch();
  }
}
