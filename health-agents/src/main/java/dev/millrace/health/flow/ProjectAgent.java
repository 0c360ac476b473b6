package dev.millrace.health.flow;

import org.apache.avro.specific.SpecificRecord;

/**
 * An agent: a function of what it knows of a project and of what happens there, and of nothing
 * else.
 *
 * @param <S> what it knows of a project; immutable
 */
public interface ProjectAgent<S> {

  /** What it knows of a project it never heard of. */
  S initial();

  /**
   * What it knows after an event, and what follows from it.
   *
   * @throws dev.millrace.runtime.validation.InvalidEventException if the event makes no sense
   */
  Transition<S> apply(String project, S state, SpecificRecord event, EventMetadata metadata);

  /** What it knows after some time without an event, and what follows from that. */
  default Transition<S> timePassed(String project, S state, EventMetadata metadata) {
    return Transition.to(state);
  }
}
