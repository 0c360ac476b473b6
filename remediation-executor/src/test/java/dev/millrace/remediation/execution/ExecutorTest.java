package dev.millrace.remediation.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.remediation.hook.Hook;
import dev.millrace.remediation.hook.HookCall;
import dev.millrace.remediation.hook.HookResult;
import dev.millrace.remediation.hook.HookTable;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.remediation.RemediationCommand;
import dev.millrace.schemas.remediation.RemediationOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExecutorTest {

  private static final Instant NOW = Instant.parse("2026-01-19T15:00:00Z");
  private static final String PROJECT = "email-blast";
  private static final String HOOKS =
      """
      [{"project": "*", "action": "restart_service", "command": ["restart"]},
       {"project": "*", "action": "clear_cache", "command": ["clear"], "idempotent": true}]\
      """;

  private final InMemoryExecutionStore store = new InMemoryExecutionStore();
  private final List<RemediationOutcome> outcomes = new ArrayList<>();
  private final List<EventContext> contexts = new ArrayList<>();
  private final List<String> runs = new ArrayList<>();
  private HookResult result = new HookResult(true, 0, "done", null);
  private boolean isInterrupted;
  private @Nullable RuntimeException failure;
  private Instant now = NOW;

  @Test
  void aCommandIsCarriedOutAndReported() throws InterruptedException {
    deliver(command("c-1", "restart_service"));

    assertThat(runs).containsExactly("c-1");
    assertThat(statuses()).containsExactly(OutcomeStatus.STARTED, OutcomeStatus.SUCCEEDED);
    RemediationOutcome outcome = outcomes.getLast();
    assertThat(outcome.getHook()).isEqualTo("command");
    assertThat(outcome.getExitCode()).isZero();
    assertThat(outcome.getOutput()).isEqualTo("done");
    assertThat(outcome.getAnomalyId()).isEqualTo("a-1");
  }

  @Test
  void aFailureIsReportedWithItsReason() throws InterruptedException {
    result = new HookResult(false, 3, "", "ended with exit code 3");

    deliver(command("c-1", "restart_service"));

    assertThat(statuses()).containsExactly(OutcomeStatus.STARTED, OutcomeStatus.FAILED);
    assertThat(outcomes.getLast().getReason()).isEqualTo("ended with exit code 3");
  }

  @Test
  void aCommandThatComesAgainIsAnsweredFromTheRecord() throws InterruptedException {
    deliver(command("c-1", "restart_service"));
    EventContext first = contexts.getLast();

    deliver(command("c-1", "restart_service"));

    assertThat(runs).hasSize(1);
    assertThat(outcomes.getLast().getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
    assertThat(contexts.getLast().id()).isEqualTo(first.id());
  }

  @Test
  void aCommandOfWhichNobodyKnowsTheEndIsNotRepeated() throws InterruptedException {
    store.save(started("c-1", "restart_service"));

    deliver(command("c-1", "restart_service"));

    assertThat(runs).isEmpty();
    assertThat(outcomes.getLast().getStatus()).isEqualTo(OutcomeStatus.FAILED);
    assertThat(outcomes.getLast().getReason()).contains("not repeated");
  }

  @Test
  void anIdempotentCommandOfWhichNobodyKnowsTheEndIsRepeated() throws InterruptedException {
    store.save(started("c-1", "clear_cache"));

    deliver(command("c-1", "clear_cache"));

    assertThat(runs).containsExactly("c-1");
    assertThat(outcomes.getLast().getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
  }

  @Test
  void anIdempotentCommandIsNotRepeatedWhenItHasExpired() throws InterruptedException {
    store.save(started("c-1", "clear_cache"));
    now = NOW.plus(Duration.ofHours(1));

    deliver(command("c-1", "clear_cache"));

    assertThat(runs).isEmpty();
    assertThat(outcomes.getLast().getStatus()).isEqualTo(OutcomeStatus.FAILED);
    assertThat(outcomes.getLast().getReason())
        .contains("nobody knows how it ended")
        .contains("too late to repeat it, as it expired at 2026-01-19T15:05:00Z");
    assertThat(store.find("c-1")).map(Execution::state).contains(Execution.State.FAILED);
  }

  @Test
  void aHookThatCannotBeRunHasFailed() throws InterruptedException {
    failure = new IllegalArgumentException("no such\0 thing, token=test-secret");

    deliver(command("c-1", "restart_service"));

    assertThat(statuses()).containsExactly(OutcomeStatus.STARTED, OutcomeStatus.FAILED);
    assertThat(outcomes.getLast().getReason())
        .startsWith("could not be run: no such thing")
        .doesNotContain("test-secret");
    assertThat(store.find("c-1")).map(Execution::isFinished).contains(true);
  }

  @Test
  void aCommandThatCannotBeStoredIsRefusedBeforeItIsStarted() {
    RemediationCommand command = command("c-1", "restart_service");

    assertRefused(RemediationCommand.newBuilder(command).setAnomalyId("a\0"), "anomaly_id");
    assertRefused(RemediationCommand.newBuilder(command).setAnalysisId("a\0"), "analysis_id");
    assertRefused(RemediationCommand.newBuilder(command).setRequestedBy("a\0"), "requested_by");
    assertRefused(
        RemediationCommand.newBuilder(command).setAnomalyId("a".repeat(257)), "anomaly_id");
  }

  private void assertRefused(RemediationCommand.Builder command, String field) {
    assertThatThrownBy(() -> deliver(command.build()))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining(field);
    assertThat(outcomes).isEmpty();
    assertThat(runs).isEmpty();
  }

  @Test
  void aStoppedCommandHasFailed() {
    isInterrupted = true;

    assertThatThrownBy(() -> deliver(command("c-1", "restart_service")))
        .isInstanceOf(InterruptedException.class);

    assertThat(store.find("c-1")).map(Execution::state).contains(Execution.State.FAILED);
    assertThat(store.tryLock(PROJECT)).isPresent();
  }

  @Test
  void anActionWithoutAHookIsSkipped() throws InterruptedException {
    deliver(command("c-1", "format_disk"));

    assertThat(outcomes.getLast().getStatus()).isEqualTo(OutcomeStatus.SKIPPED);
    assertThat(outcomes.getLast().getReason()).contains("no hook");
  }

  @Test
  void anExpiredCommandIsSkipped() throws InterruptedException {
    now = NOW.plus(Duration.ofMinutes(5));

    deliver(command("c-1", "restart_service"));

    assertThat(runs).isEmpty();
    assertThat(outcomes.getLast().getReason()).contains("expired");
  }

  @Test
  void theSameActionIsNotDoneAgainAtOnce() throws InterruptedException {
    deliver(command("c-1", "restart_service"));
    deliver(command("c-2", "restart_service"));
    deliver(command("c-3", "clear_cache"));
    now = now.plus(Duration.ofSeconds(60));

    deliver(command("c-4", "restart_service"));

    assertThat(runs).containsExactly("c-1", "c-3", "c-4");
  }

  @Test
  void aCommandDoesNotRunBesideAnotherOfItsProject() throws InterruptedException {
    assertThat(store.tryLock(PROJECT)).isPresent();

    deliver(command("c-1", "restart_service"));

    assertThat(runs).isEmpty();
    assertThat(outcomes.getLast().getReason()).contains("still running");
  }

  @Test
  void aCommandUnderAnotherProjectsKeyIsRefused() {
    Delivery<RemediationCommand> delivery =
        new Delivery<>(
            "remediation.commands",
            "other",
            command("c-1", "restart_service"),
            EventContext.start("test", TraceContext.start()),
            1);

    assertThatThrownBy(() -> executor().process(delivery))
        .isInstanceOf(WorkRejectedException.class)
        .hasMessageContaining("key");
  }

  @Property(tries = 100)
  void noCommandRunsTwiceAndNoProjectMoreOftenThanAllowed(
      @ForAll @Size(max = 60) List<@IntRange(max = 20) Integer> commands)
      throws InterruptedException {
    ExecutorTest test = new ExecutorTest();
    for (int number : commands) {
      test.now = test.now.plusSeconds(61);
      test.deliver(command("c-" + number, "clear_cache", NOW.plus(Duration.ofDays(1))));
    }

    Set<String> distinct = new HashSet<>(test.runs);
    assertThat(test.runs).hasSameSizeAs(distinct);
    assertThat(distinct.size())
        .isLessThanOrEqualTo(test.now.isBefore(NOW.plusSeconds(3600)) ? 5 : 10);
  }

  private void deliver(RemediationCommand command) throws InterruptedException {
    EventContext event =
        new EventContext(
            new EventId("event-" + command.getCommandId()),
            "test",
            now,
            TraceContext.start(),
            null);
    executor()
        .process(new Delivery<>("remediation.commands", command.getProject(), command, event, 1));
  }

  private Executor executor() {
    return new Executor(
        HookTable.from(Environment.of(Map.of("REMEDIATION_HOOKS", HOOKS))),
        this::run,
        store,
        new Outcomes(
            "remediation-executor",
            (outcome, context) -> {
              outcomes.add(outcome);
              contexts.add(context);
            }),
        new Limits(Duration.ofSeconds(60), 5, Duration.ZERO, Duration.ofMillis(1)),
        () -> now);
  }

  private HookResult run(Hook hook, HookCall call) throws InterruptedException {
    runs.add(call.commandId());
    if (isInterrupted) {
      throw new InterruptedException();
    }
    if (failure != null) {
      throw failure;
    }
    return result;
  }

  private static RemediationCommand command(String id, String action) {
    return command(id, action, NOW.plus(Duration.ofMinutes(5)));
  }

  private static RemediationCommand command(String id, String action, Instant expiresAt) {
    return RemediationCommand.newBuilder()
        .setCommandId(id)
        .setProject(PROJECT)
        .setAction(action)
        .setAnomalyId("a-1")
        .setExpiresAt(expiresAt)
        .build();
  }

  private static Execution started(String id, String action) {
    Order order = new Order(id, PROJECT, action, null, null, null, 1, "trace");
    return Execution.started(order, "command", NOW.minusSeconds(600));
  }

  private List<OutcomeStatus> statuses() {
    return outcomes.stream().map(RemediationOutcome::getStatus).toList();
  }
}
