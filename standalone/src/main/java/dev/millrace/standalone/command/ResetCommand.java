package dev.millrace.standalone.command;

import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.event.ReplayMark;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Folders;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.Apps;
import dev.millrace.standalone.pipeline.PipelineState;
import dev.millrace.standalone.reset.AppReset;
import dev.millrace.standalone.reset.GroupReset;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace reset}: takes one app back to a point in time. */
@Command(
    name = "reset",
    mixinStandardHelpOptions = true,
    description =
        "Take one app back to a point in time: it reads again what it has read since. What a stream"
            + " app remembers it forgets, and learns again from these records; what it knew from"
            + " before is gone. The app must not run. What follows from records that are read"
            + " again has no side effects unless --effect names them.",
    footer = {
      "",
      "  ./millrace down && ./millrace up --detach --without health-agents",
      "  ./millrace reset health-agents --to 2026-01-23T08:00:00Z --preview",
      "  ./millrace reset health-agents --to 2026-01-23T08:00:00Z",
      "  ./millrace down && ./millrace up --detach"
    })
public final class ResetCommand extends DataCommand {

  private static final String FORMAT = "%-44s  %9s  %12s  %12s  %12s%n";

  @Parameters(paramLabel = "APP", description = "For example health-agents.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String app;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      required = true,
      description = "As in 2026-01-23T08:00:00Z, by the time of records.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String to;

  @Option(names = "--preview", description = "Only show what would be read again.")
  private boolean preview;

  @Option(
      names = "--effect",
      paramLabel = "NAME",
      description =
          "Allow a side effect: model-calls, commits, remediations or notifications; may be given"
              + " again.")
  private List<String> effects = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireResettable();
    ReplayMark mark = new ReplayMark("reset-" + UUID.randomUUID(), effects());
    PipelineState state = PipelineState.of(data.path);
    try (RunningKafka kafka = new RunningKafka(state)) {
      AppReset reset = new AppReset(kafka.clients().admin());
      List<GroupReset> plan = reset.plan(app, time());
      plan.forEach(ResetCommand::print);
      plan.stream()
          .filter(GroupReset::shared)
          .filter(_ -> !mark.effects().contains(Effect.MODEL_CALLS))
          .forEach(group ->
              Console.say(
                  "what %s reads again is passed over, unless --effect model-calls is given"
                      .formatted(group.group())));
      if (preview) {
        System.out.println("nothing is changed: this was a preview");
        return 0;
      }
      reset.apply(app, plan, mark);
      for (GroupReset group : plan) {
        forgetOnDisk(group);
      }
      System.out.printf("%s is reset; what it reads again is marked %s%n", app, mark.header());
      return 0;
    }
  }

  private void requireResettable() {
    if (!Apps.names().contains(app)) {
      throw new StackException(
          "there is no app '%s'; there are: %s".formatted(app, String.join(", ", Apps.names())));
    }
    if (app.equals("audit-sink")) {
      throw new StackException(
          "the mirror stands where its rows end, and cannot be elsewhere; ./millrace audit rebuild"
              + " derives the read models again");
    }
    if (app.equals("ingest-gateway")) {
      throw new StackException(
          "ingest-gateway writes what it is sent, and reads nothing that it could read again;"
              + " ./millrace replay writes records again");
    }
    if (app.equals("task-router")) {
      throw new StackException(
          "the queues are what task-router knows: reset, it would forget tasks from before and"
              + " hold places for tasks that nobody does; ./millrace replay repeats single tasks");
    }
  }

  private Instant time() {
    try {
      Instant time = Instant.parse(to);
      if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.now())) {
        throw new StackException("--to: expected a time from 1970 to now, found " + to);
      }
      return time;
    } catch (DateTimeException e) {
      throw new StackException(
          "--to: expected a time such as 2026-01-23T08:00:00Z, found " + to, e);
    }
  }

  private Set<Effect> effects() {
    Set<Effect> allowed = new HashSet<>();
    for (String name : effects) {
      allowed.add(
          Effect.of(name)
              .orElseThrow(() -> new StackException("--effect: there is none named " + name)));
    }
    return allowed;
  }

  /** The stores of a Streams app on this machine; elsewhere they are found to be of no use. */
  private void forgetOnDisk(GroupReset reset) throws IOException {
    Folders.deleteContents(data.path.resolve(DataDirectory.STATE).resolve(reset.group()));
  }

  private static void print(GroupReset reset) {
    System.out.printf(FORMAT, "TOPIC", "PARTITION", "STANDS AT", "BACK TO", "OFFSETS");
    for (GroupReset.Step step : reset.steps()) {
      System.out.printf(
          FORMAT,
          step.place().topic(),
          step.place().partition(),
          step.from(),
          step.to(),
          step.offsets());
    }
    System.out.printf("%s reads %d offsets again", reset.group(), reset.offsets());
    System.out.println(
        reset.state().isEmpty()
            ? ""
            : " and forgets what it remembers in " + String.join(", ", reset.state()));
  }
}
