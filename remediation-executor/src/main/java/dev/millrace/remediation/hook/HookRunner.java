package dev.millrace.remediation.hook;

/** Runs hooks. */
@FunctionalInterface
public interface HookRunner {

  /**
   * Runs a hook to its end, or to its timeout.
   *
   * @throws InterruptedException if it was interrupted; what it started is ended then
   */
  HookResult run(Hook hook, HookCall call) throws InterruptedException;
}
