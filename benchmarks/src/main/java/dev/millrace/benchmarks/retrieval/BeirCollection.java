package dev.millrace.benchmarks.retrieval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A test collection in the layout of BEIR: {@code corpus.jsonl} with {@code _id}, {@code title} and
 * {@code text}, {@code queries.jsonl} with {@code _id} and {@code text}, and {@code qrels/test.tsv}
 * with a heading and query, document and grade on each line.
 */
final class BeirCollection {

  private final Path folder;
  private final Map<String, String> queries;
  private final Map<String, Map<String, Integer>> grades;
  private final ObjectMapper json = new ObjectMapper();

  private BeirCollection(Path folder) throws IOException {
    this.folder = folder;
    this.grades = readGrades(folder.resolve("qrels/test.tsv"));
    this.queries = readQueries();
  }

  /** A document of the collection. */
  record Document(String id, String title, String text) {}

  /**
   * Reads the queries and the grades; the documents are read when they are wanted.
   *
   * @throws IllegalArgumentException if it is not such a collection
   */
  static BeirCollection open(Path folder) throws IOException {
    for (String file : List.of("corpus.jsonl", "queries.jsonl", "qrels/test.tsv")) {
      if (!Files.isRegularFile(folder.resolve(file))) {
        throw new IllegalArgumentException("expected a file " + folder.resolve(file));
      }
    }
    return new BeirCollection(folder);
  }

  /** Queries with a grade for at least one document, by their id. */
  Map<String, String> queries() {
    return queries;
  }

  /** Grade of each document that is relevant to a query: higher is better, 0 is not relevant. */
  Map<String, Integer> grades(String query) {
    return grades.getOrDefault(query, Map.of());
  }

  /** Hands over each document. */
  void documents(Consumer<Document> consumer) throws IOException {
    lines(
        folder.resolve("corpus.jsonl"),
        line ->
            consumer.accept(
                new Document(
                    line.path("_id").asText(),
                    line.path("title").asText(""),
                    line.path("text").asText(""))));
  }

  private Map<String, String> readQueries() throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    lines(
        folder.resolve("queries.jsonl"),
        line -> {
          String id = line.path("_id").asText();
          String text = line.path("text").asText();
          if (grades.containsKey(id) && !text.isBlank()) {
            found.put(id, text);
          }
        });
    return found;
  }

  private void lines(Path file, Consumer<JsonNode> consumer) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines.filter(text -> !text.isBlank())::iterator) {
        consumer.accept(json.readTree(line));
      }
    }
  }

  private static Map<String, Map<String, Integer>> readGrades(Path file) throws IOException {
    Map<String, Map<String, Integer>> grades = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] fields = line.strip().split("\t", -1);
      if (fields.length == 3 && fields[2].matches("-?\\d+")) {
        grades
            .computeIfAbsent(fields[0], _ -> new HashMap<>())
            .put(fields[1], Integer.parseInt(fields[2]));
      }
    }
    return grades;
  }
}
