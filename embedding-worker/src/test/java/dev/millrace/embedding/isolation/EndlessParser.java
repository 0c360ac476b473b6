package dev.millrace.embedding.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A parser process that does what a document tells it: {@code spin} for ever, {@code allocate}
 * without end, {@code exit}, or answer anything else with its environment.
 */
final class EndlessParser {

  private EndlessParser() {}

  public static void main(String[] args) throws IOException {
    DataInputStream questions = new DataInputStream(new BufferedInputStream(System.in));
    DataOutputStream answers = new DataOutputStream(System.out);
    while (true) {
      String content = new String(Exchange.question(questions).content(), UTF_8);
      switch (content) {
        case "spin" -> spin();
        case "allocate" -> allocate(1);
        case "exit" -> Runtime.getRuntime().halt(7);
        default ->
            Exchange.answer(
                answers,
                new Exchange.Answer(
                    null, ProcessHandle.current().pid() + " " + System.getenv().keySet()));
      }
    }
  }

  private static void spin() {
    while (true) {
      Thread.onSpinWait();
    }
  }

  private static long[] allocate(int length) {
    long[] more = new long[length];
    return more.length < 0 ? more : allocate(2 * length);
  }
}
