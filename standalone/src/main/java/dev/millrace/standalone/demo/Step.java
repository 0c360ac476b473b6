package dev.millrace.standalone.demo;

/** One step of the demo: does something a user would do and checks what came of it. */
interface Step {

  /** What it shows, as a headline. */
  String title();

  /**
   * Does it.
   *
   * @throws StepFailedException if something did not hold
   */
  void run(Report report) throws InterruptedException;
}
