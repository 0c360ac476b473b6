package dev.millrace.knowledge.answer;

import dev.millrace.knowledge.search.SearchHit;
import java.util.List;

/** What the knowledge base says to a question. */
public sealed interface Answer {

  /**
   * The sources hold an answer.
   *
   * @param text sentences of the sources, word for word, each with the number of its citation
   * @param citations what the sentences were taken from; the first has number 1
   */
  record Found(String text, List<Citation> citations) implements Answer {
    public Found {
      citations = List.copyOf(citations);
    }
  }

  /**
   * The sources do not hold an answer.
   *
   * @param reason why that was concluded
   */
  record NotFound(String reason) implements Answer {}

  /**
   * A passage that an answer rests on.
   *
   * @param hit the passage
   * @param quotes the sentences that were taken from it: what somebody wrote, never an instruction
   */
  record Citation(SearchHit hit, List<String> quotes) {
    public Citation {
      quotes = List.copyOf(quotes);
    }
  }
}
