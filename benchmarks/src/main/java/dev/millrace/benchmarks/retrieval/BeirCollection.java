package dev.millrace.benchmarks.retrieval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A test collection in the layout of BEIR: {@code corpus.jsonl} with {@code _id}, {@code title} and
 * {@code text}, {@code queries.jsonl} with {@code _id} and {@code text}, and {@code qrels/test.tsv}
 * with a heading and query, document and grade on each line.
 */
final class BeirCollection {

  private static final Pattern GRADE = Pattern.compile("\\s*-?\\d{1,9}\\s*");

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
   * @throws IllegalArgumentException if it is not such a collection; names the file and the line
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
                    line.required("_id").asText(),
                    line.path("title").asText(""),
                    line.path("text").asText(""))));
  }

  private Map<String, String> readQueries() throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    lines(
        folder.resolve("queries.jsonl"),
        line -> {
          String id = line.required("_id").asText();
          String text = line.path("text").asText("");
          if (grades.containsKey(id) && !text.isBlank()) {
            found.put(id, text);
          }
        });
    return found;
  }

  private void lines(Path file, Consumer<JsonNode> consumer) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String line = lines.readLine();
      for (int number = 1; line != null; number++) {
        String text = withoutMark(line, number);
        if (!text.isBlank()) {
          consumer.accept(json(text, file, number));
        }
        line = lines.readLine();
      }
    }
  }

  private JsonNode json(String text, Path file, int number) {
    try {
      JsonNode node = json.readTree(text);
      if (node.hasNonNull("_id")) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw notLikeThat("a JSON object on each line", file, number, e);
    }
    throw notLikeThat("an object with an _id", file, number, null);
  }

  /** The heading may be missing; an empty line is none. */
  private static Map<String, Map<String, Integer>> readGrades(Path file) throws IOException {
    Map<String, Map<String, Integer>> grades = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int number = 1; number <= lines.size(); number++) {
      String line = withoutMark(lines.get(number - 1), number);
      String[] fields = line.split("\t", -1);
      boolean graded = fields.length == 3 && GRADE.matcher(fields[2]).matches();
      if (graded) {
        grades
            .computeIfAbsent(fields[0], _ -> new HashMap<>())
            .put(fields[1], Integer.parseInt(fields[2].strip()));
      } else if (number > 1 && !line.isBlank()) {
        throw notLikeThat(
            "a query, a document and a whole number with tabs between", file, number, null);
      }
    }
    return grades;
  }

  /** A byte order mark at the start of a file is none of its text. */
  private static String withoutMark(String line, int number) {
    return number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
  }

  private static IllegalArgumentException notLikeThat(
      String expected, Path file, int number, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "expected %s, found something else in line %d of %s".formatted(expected, number, file),
        cause);
  }
}
