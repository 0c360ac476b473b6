package dev.millrace.remediation.execution;

import dev.millrace.remediation.execution.Execution.State;
import dev.millrace.remediation.execution.ExecutionStore.ProjectLock;
import dev.millrace.remediation.hook.Hook;
import dev.millrace.remediation.hook.HookCall;
import dev.millrace.remediation.hook.HookResult;
import dev.millrace.remediation.hook.HookRunner;
import dev.millrace.remediation.hook.HookTable;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.Work;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.remediation.RemediationCommand;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Carries out a command at most once. What is to be done is recorded before it is done; a command
 * that comes again is answered from the record. One that was started and of which nobody knows the
 * end, because a process died, is repeated only if its hook is idempotent and it is not too late.
 */
public final class Executor implements Work<RemediationCommand> {

  private static final Logger log = LoggerFactory.getLogger(Executor.class);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MAX_TEXT_LENGTH = 256;
  private static final String STARTED_BEFORE =
      "it was started before and nobody knows how it ended: ";

  private final HookTable hooks;
  private final HookRunner runner;
  private final ExecutionStore store;
  private final Outcomes outcomes;
  private final Limits limits;
  private final InstantSource clock;

  public Executor(
      HookTable hooks,
      HookRunner runner,
      ExecutionStore store,
      Outcomes outcomes,
      Limits limits,
      InstantSource clock) {
    this.hooks = hooks;
    this.runner = runner;
    this.store = store;
    this.outcomes = outcomes;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public void process(Delivery<RemediationCommand> delivery) throws InterruptedException {
    RemediationCommand command = delivery.value();
    validate(command, delivery.key());
    Optional<Execution> known = store.find(command.getCommandId());
    if (known.isPresent() && known.get().isFinished()) {
      outcomes.report(known.get(), delivery.context());
      return;
    }
    Order order = Order.of(command, delivery.context());
    @Nullable Hook hook = hooks.find(order.project(), order.action()).orElse(null);
    if (known.isEmpty() && hook == null) {
      skip(order, "no hook is configured for this project and action", delivery.context());
    } else if (known.isEmpty() && isExpired(command)) {
      skip(order, "expired at " + command.getExpiresAt(), delivery.context());
    } else {
      executeAlone(command, order, hook, delivery.context());
    }
  }

  private static void validate(RemediationCommand command, String key) {
    requireText("command_id", command.getCommandId());
    requireText("project", command.getProject());
    requireText("action", command.getAction());
    requireStorable("anomaly_id", command.getAnomalyId());
    requireStorable("analysis_id", command.getAnalysisId());
    requireStorable("requested_by", command.getRequestedBy());
    if (!command.getProject().equals(key)) {
      throw new WorkRejectedException("key: expected the project of the value");
    }
  }

  private static void requireText(String field, String text) {
    if (text.isBlank()) {
      throw new WorkRejectedException(
          "%s: expected 1 to %d characters, found a blank text".formatted(field, MAX_TEXT_LENGTH));
    }
    requireStorable(field, text);
  }

  /** What the store does not take is refused before anything is reported or done. */
  private static void requireStorable(String field, @Nullable String text) {
    if (text == null) {
      return;
    }
    if (text.indexOf('\0') >= 0) {
      throw new WorkRejectedException(field + ": expected a text without U+0000");
    }
    int length = text.codePointCount(0, text.length());
    if (length > MAX_TEXT_LENGTH) {
      throw new WorkRejectedException(
          "%s: expected at most %d characters, found %d".formatted(field, MAX_TEXT_LENGTH, length));
    }
  }

  private boolean isExpired(RemediationCommand command) {
    return command.getExpiresAt() != null && !clock.instant().isBefore(command.getExpiresAt());
  }

  /** Waits for its turn: one action at a time for a project, in all instances together. */
  private void executeAlone(
      RemediationCommand command, Order order, @Nullable Hook hook, EventContext event)
      throws InterruptedException {
    long deadline = System.nanoTime() + limits.lockWait().toNanos();
    do {
      Optional<ProjectLock> lock = store.tryLock(order.project());
      if (lock.isPresent()) {
        try (ProjectLock _ = lock.get()) {
          executeLocked(command, order, hook, event);
        }
        return;
      }
      Thread.sleep(limits.lockInterval());
    } while (System.nanoTime() < deadline);
    if (store.find(order.id()).isPresent()) {
      throw new IllegalStateException("command " + order.id() + " still runs elsewhere");
    }
    skip(order, "another action for this project was still running", event);
  }

  private void executeLocked(
      RemediationCommand command, Order order, @Nullable Hook hook, EventContext event)
      throws InterruptedException {
    @Nullable Execution known = store.find(order.id()).orElse(null);
    if (known != null && known.isFinished()) {
      outcomes.report(known, event);
      return;
    }
    String whyNotAgain = known == null ? null : whyNotAgain(command, hook);
    if (known != null && whyNotAgain != null) {
      finish(known.failed(STARTED_BEFORE + whyNotAgain, clock.instant()), event);
      return;
    }
    String obstacle = known == null ? obstacle(command, order) : null;
    if (hook == null) {
      throw new IllegalStateException("a new command without a hook is skipped before");
    }
    if (obstacle != null) {
      skip(order, obstacle, event);
      return;
    }
    run(command, Execution.started(order, hook.kind(), clock.instant()), hook, event);
  }

  /** Why a command of which nobody knows the end is not repeated, if it is not. */
  private @Nullable String whyNotAgain(RemediationCommand command, @Nullable Hook hook) {
    if (hook == null || !hook.idempotent()) {
      return "not repeated";
    }
    return isExpired(command)
        ? "it is too late to repeat it, as it expired at " + command.getExpiresAt()
        : null;
  }

  private @Nullable String obstacle(RemediationCommand command, Order order)
      throws InterruptedException {
    Instant now = clock.instant();
    if (isExpired(command)) {
      return "expired at " + command.getExpiresAt();
    }
    Instant readyAt =
        store
            .lastRun(order.project(), order.action())
            .map(last -> last.plus(limits.cooldown()))
            .orElse(Instant.MIN);
    if (now.isBefore(readyAt)) {
      return "done just before: not again before " + readyAt;
    }
    return store.runsSince(order.project(), now.minus(HOUR)) >= limits.actionsPerHour()
        ? "%d actions for this project in an hour are enough".formatted(limits.actionsPerHour())
        : null;
  }

  private void run(RemediationCommand command, Execution execution, Hook hook, EventContext event)
      throws InterruptedException {
    outcomes.report(execution, event);
    store.save(execution);
    Order order = execution.command();
    HookCall call =
        new HookCall(order.id(), order.project(), order.action(), command.getParameters());
    try {
      finish(execution.ended(result(hook, call), clock.instant()), event);
    } catch (InterruptedException e) {
      if (!hook.idempotent()) {
        store.save(execution.failed("stopped, with this app, before its end", clock.instant()));
      }
      throw e;
    }
  }

  /** A hook that cannot be run at all has failed: the command that was started needs an end. */
  private HookResult result(Hook hook, HookCall call) throws InterruptedException {
    try {
      return runner.run(hook, call);
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("command_id", call.commandId())
          .addKeyValue("hook", hook.kind())
          .setCause(e)
          .log("a hook could not be run");
      return HookResult.failure(null, "", "could not be run: " + Causes.rootMessage(e));
    }
  }

  private void skip(Order order, String reason, EventContext event) throws InterruptedException {
    finish(Execution.skipped(order, reason, clock.instant()), event);
  }

  private void finish(Execution execution, EventContext event) throws InterruptedException {
    store.save(execution);
    outcomes.report(execution, event);
    LoggingEventBuilder line =
        log.atInfo()
            .addKeyValue("command_id", execution.command().id())
            .addKeyValue("project", execution.command().project())
            .addKeyValue("action", execution.command().action())
            .addKeyValue("state", execution.state());
    if (execution.reason() != null) {
      line = line.addKeyValue("reason", execution.reason());
    }
    line.log(execution.state() == State.SKIPPED ? "skipped a command" : "carried out a command");
  }
}
