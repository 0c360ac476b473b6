package dev.millrace.worker.agent;

/** Identity of a run: the same when its assignment is delivered again. */
public record RunId(String value) {

  @Override
  public String toString() {
    return value;
  }
}
