package dev.millrace.learning.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.learning.plan.DailyPlan.Step;
import dev.millrace.learning.plan.PlanInput.AgentSignal;
import dev.millrace.learning.progress.StudyDay;
import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.learning.signal.SignalContent;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfflinePlanGeneratorTest {

  private final OfflinePlanGenerator generator = new OfflinePlanGenerator();

  @Property(tries = 300)
  void theStepsTakeExactlyTheTimeOfTheDay(
      @ForAll @IntRange(min = 1, max = 1440) int minutes,
      @ForAll @IntRange(min = 1, max = 7) int day,
      @ForAll @Size(max = 8) List<String> steps) {
    SignalContent content =
        new SignalContent(null, steps.stream().filter(step -> !step.isBlank()).toList(), null);

    DailyPlan plan =
        generator.generate(
            input(minutes, day, "", List.of(new AgentSignal(SignalAgent.CLO, content))));

    assertThat(plan.steps()).isNotEmpty().allMatch(step -> step.minutes() >= 1);
    assertThat(plan.steps().stream().mapToInt(Step::minutes).sum()).isEqualTo(minutes);
  }

  @Test
  void agentsTakeTurnsAndAStepStandsOnce() {
    SignalContent clo = new SignalContent("Focus", List.of("Read", "Write"), null);
    SignalContent alex = new SignalContent("Other", List.of("read", "Draw"), null);

    DailyPlan plan =
        generator.generate(
            input(
                30,
                1,
                "",
                List.of(
                    new AgentSignal(SignalAgent.CLO, clo),
                    new AgentSignal(SignalAgent.ALEX, alex))));

    assertThat(plan.title()).isEqualTo("Focus");
    assertThat(plan.steps()).extracting(Step::text).containsExactly("Read", "Write", "Draw");
  }

  @Test
  void whatAgentsWroteStaysTextInThePage() {
    SignalContent hostile =
        new SignalContent("<script>alert(1)</script>", List.of("[click](http://x)"), "**loud**");

    DailyPlan plan =
        generator.generate(input(30, 1, "", List.of(new AgentSignal(SignalAgent.TA, hostile))));

    assertThat(plan.markdown())
        .contains("\\<script\\>", "\\[click\\](http://x)", "\\*\\*loud\\*\\*")
        .doesNotContain("<script>");
  }

  @ParameterizedTest
  @CsvSource({
    "# Read, \\# Read",
    "- Read, \\- Read",
    "+ Read, \\+ Read",
    "2. Read, 2\\. Read",
    "2) Read, 2\\) Read",
    "2 books, 2 books",
    "Read &lt;b&gt; & #5, Read \\&lt;b\\&gt; & #5"
  })
  void aStepIsOneItemOfItsListWhateverItBeginsWith(String step, String item) {
    // given
    SignalContent clo = new SignalContent(null, List.of(step), null);

    // when
    DailyPlan plan =
        generator.generate(input(10, 1, "", List.of(new AgentSignal(SignalAgent.CLO, clo))));

    // then
    assertThat(plan.markdown()).contains("\n1. " + item + " – 10 min\n");
  }

  @Test
  void aProjectFirstLearnerBuildsFirst() {
    DailyPlan plan = generator.generate(input(60, 1, "project-first", List.of()));

    assertThat(plan.steps().getFirst().text()).startsWith("Build");
    assertThat(plan.markdown()).contains("Made offline");
  }

  private static PlanInput input(int minutes, int day, String style, List<AgentSignal> signals) {
    return new PlanInput(
        "Machine Learning",
        "informed",
        "Build models",
        style,
        minutes,
        new StudyDay(1, day),
        signals,
        false);
  }
}
