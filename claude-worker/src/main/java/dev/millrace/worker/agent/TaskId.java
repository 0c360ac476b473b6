package dev.millrace.worker.agent;

/** Identity of the task that a run works on. */
public record TaskId(String value) {

  @Override
  public String toString() {
    return value;
  }
}
