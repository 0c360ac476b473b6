package dev.millrace.knowledge.search;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The words of a question, as text search compares them. */
final class Words {

  private Words() {}

  /** The words of a text, each once, without those that say nothing. */
  static List<String> of(Handle handle, String text) {
    return handle
        .createQuery("SELECT unnest(tsvector_to_array(knowledge.words(:text)))")
        .bind("text", text)
        .mapTo(String.class)
        .list();
  }

  /** A text search query for one word. */
  static String query(String word) {
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** A text search query for any of these words. */
  static String anyOf(Collection<String> words) {
    return words.stream().map(Words::query).collect(Collectors.joining(" | "));
  }
}
