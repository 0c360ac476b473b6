package dev.millrace.runtime.usage;

import dev.millrace.schemas.event.TraceContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What calls of models are made for. Whoever knows it does its work within it; the calls are then
 * told apart by it, however deep down on the same thread they are made.
 *
 * @param trace trace of what asked for them
 * @param taskId task that they are made for, where it is one
 * @param subject document or record that they are about, where it is one
 */
public record CallCause(TraceContext trace, @Nullable String taskId, @Nullable String subject) {

  private static final ScopedValue<CallCause> CURRENT = ScopedValue.newInstance();

  /** A task. */
  public static CallCause task(TraceContext trace, @Nullable String taskId) {
    return new CallCause(trace, taskId, null);
  }

  /** A document or a record. */
  public static CallCause subject(TraceContext trace, String subject) {
    return new CallCause(trace, null, subject);
  }

  /** Does work whose calls have this cause. */
  public <T, X extends Throwable> T within(ScopedValue.CallableOp<T, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }

  /** The innermost one that this thread works within. */
  static Optional<CallCause> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }
}
