package dev.millrace.learning.plan;

import dev.millrace.learning.plan.DailyPlan.Step;
import dev.millrace.learning.plan.PlanInput.AgentSignal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes plans by rules, without a model, and says so: steps of the agents in turn, filled up with
 * steps that fit the depth the learner wants.
 */
public final class OfflinePlanGenerator implements PlanGenerator {

  /** What plans of this generator are labelled with. */
  public static final String NAME = "offline";

  private static final List<String> THEMES =
      List.of(
          "First Overview",
          "Core Terms",
          "A Worked Example",
          "First Practice",
          "Common Mistakes",
          "A Small Project",
          "Review");

  @Override
  public DailyPlan generate(PlanInput input) {
    String title = title(input);
    String description = description(input, title);
    List<Step> steps = steps(input, title);
    return new DailyPlan(
        title, description, steps, Markdown.page(input, title, description, steps), NAME);
  }

  private static String title(PlanInput input) {
    return input.signals().stream()
        .map(signal -> signal.content().focus())
        .filter(focus -> focus != null)
        .findFirst()
        .orElseGet(() -> input.topic() + ": " + THEMES.get(input.day().index() % THEMES.size()));
  }

  private static String description(PlanInput input, String title) {
    return "Day %d of week %d: %s in %d minutes, at %s depth, on the way to: %s"
        .formatted(
            input.day().day(),
            input.day().week(),
            title,
            input.minutes(),
            input.depth(),
            input.endGoal());
  }

  private static List<Step> steps(PlanInput input, String title) {
    int room = TimeBudget.stepsIn(input.minutes());
    List<String> texts = candidates(input, title).stream().limit(room).toList();
    List<Integer> minutes = TimeBudget.divide(input.minutes(), texts.size());
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      steps.add(new Step(texts.get(i), minutes.get(i)));
    }
    return steps;
  }

  /** Steps of the agents in turn, then those of the depth; each text once. */
  private static Collection<String> candidates(PlanInput input, String title) {
    Map<String, String> steps = new LinkedHashMap<>();
    int longest =
        input.signals().stream()
            .mapToInt(signal -> signal.content().steps().size())
            .max()
            .orElse(0);
    for (int turn = 0; turn < longest; turn++) {
      for (AgentSignal signal : input.signals()) {
        if (turn < signal.content().steps().size()) {
          String step = signal.content().steps().get(turn);
          steps.putIfAbsent(step.toLowerCase(Locale.ROOT), step);
        }
      }
    }
    for (String step : ownSteps(input, title)) {
      steps.putIfAbsent(step.toLowerCase(Locale.ROOT), step);
    }
    return steps.values();
  }

  private static List<String> ownSteps(PlanInput input, String title) {
    String read = "Read an introduction to " + title;
    String example = "Work through one example of " + title;
    String build = "Build something small with " + title;
    String recall = "Write down from memory what you learned";
    if (input.learningStyle().toLowerCase(Locale.ROOT).contains("project")) {
      return List.of(build, read, recall);
    }
    return switch (input.depth()) {
      case "surface" -> List.of(read, recall);
      case "deep" ->
          List.of(
              read,
              example,
              build,
              "Compare two ways to do it and say when each is better",
              recall);
      default -> List.of(read, example, recall);
    };
  }
}
