package dev.millrace.benchmarks.embed;

import java.util.List;
import java.util.Random;

/** Makes documents up that look like documentation: sections with a heading and paragraphs. */
final class Prose {

  private static final List<String> WORDS =
      List.of(
          "the",
          "a",
          "of",
          "to",
          "and",
          "water",
          "wheel",
          "stone",
          "gate",
          "grain",
          "flour",
          "axle",
          "miller",
          "river",
          "pond",
          "turns",
          "grinds",
          "carries",
          "opens",
          "closes",
          "before",
          "after",
          "every",
          "season",
          "service",
          "queue",
          "event",
          "topic",
          "record",
          "offset",
          "partition",
          "consumer",
          "retry",
          "deadline",
          "worker",
          "index",
          "vector",
          "document",
          "configuration",
          "failure",
          "recovers",
          "measures",
          "slowly",
          "quickly",
          "under",
          "load");

  private static final int SECTIONS = 8;
  private static final int SENTENCES = 16;

  private Prose() {}

  /** A Markdown document; always the same for the same number. */
  static String document(long number) {
    Random random = new Random(number);
    StringBuilder text = new StringBuilder("# Document " + number + "\n\n");
    for (int section = 1; section <= SECTIONS; section++) {
      text.append("## ").append(sentence(random, 4)).append("\n\n");
      for (int i = 1; i <= SENTENCES; i++) {
        text.append(sentence(random, 8 + random.nextInt(10)));
        text.append(i % 4 == 0 ? ".\n\n" : ". ");
      }
    }
    return text.toString();
  }

  private static String sentence(Random random, int words) {
    StringBuilder sentence = new StringBuilder();
    for (int i = 0; i < words; i++) {
      sentence.append(i == 0 ? "" : " ").append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return sentence.toString();
  }
}
