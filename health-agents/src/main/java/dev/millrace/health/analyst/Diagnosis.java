package dev.millrace.health.analyst;

/** What came of asking a model. */
sealed interface Diagnosis {

  /** What the model thinks. */
  record Given(ModelAnswer answer) implements Diagnosis {}

  /** Nothing. */
  record Failed(String why) implements Diagnosis {}
}
