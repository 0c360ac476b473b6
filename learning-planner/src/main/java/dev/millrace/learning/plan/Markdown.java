package dev.millrace.learning.plan;

import dev.millrace.learning.plan.DailyPlan.Step;
import dev.millrace.learning.plan.PlanInput.AgentSignal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes a plan as a Markdown page. What learners and agents wrote stays text in it. */
final class Markdown {

  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_\\[\\]<>|~]|&(?=#?\\w+;)");

  /** What would make a heading, or a list of its own, of the text of an item. */
  private static final Pattern BLOCK_START = Pattern.compile("^(?:(?=[#+-])|\\d+(?=[.)]))");

  private Markdown() {}

  static String page(PlanInput input, String title, String description, List<Step> steps) {
    StringBuilder page = new StringBuilder("# Daily Learning Plan\n\n");
    page.append("## Today's Focus: ").append(escape(title)).append("\n\n");
    page.append(escape(description)).append("\n\n");
    page.append("## Steps\n\n");
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      page.append(i + 1).append(". ").append(escapeItem(step.text()));
      page.append(" – ").append(step.minutes()).append(" min\n");
    }
    appendNotes(page, input.signals());
    if (input.degraded()) {
      page.append("\n> Some signal agents failed or had nothing recent when this plan was made.\n");
    }
    return page.append("\n_Made offline, by rules._\n").toString();
  }

  private static void appendNotes(StringBuilder page, List<AgentSignal> signals) {
    List<AgentSignal> withNotes =
        signals.stream().filter(signal -> signal.content().notes() != null).toList();
    if (withNotes.isEmpty()) {
      return;
    }
    page.append("\n## Notes\n\n");
    for (AgentSignal signal : withNotes) {
      page.append("- ").append(signal.agent().wireName()).append(": ");
      page.append(escape(String.valueOf(signal.content().notes()))).append('\n');
    }
  }

  private static String escapeItem(String text) {
    return BLOCK_START.matcher(escape(text)).replaceFirst("$0\\\\");
  }

  private static String escape(String text) {
    return SPECIAL
        .matcher(text.replaceAll("\\s+", " ").strip())
        .replaceAll(match -> "\\\\" + Matcher.quoteReplacement(match.group()));
  }
}
