package dev.millrace.standalone.command;

/** What a person sees beside the results of a command: on standard error, one sentence a line. */
final class Console {

  private Console() {}

  static void say(String sentence) {
    System.err.println("millrace: " + sentence);
  }
}
