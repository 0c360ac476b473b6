package dev.millrace.schemas.compatibility;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The schemas of every release, each whole in a file {@code released/<version>/<topic>.avsc}. */
final class ReleasedSchemas {

  static final Path FOLDER = Path.of("src/test/resources/released");
  private static final String SUFFIX = ".avsc";

  private ReleasedSchemas() {}

  /** Today's schema of every topic, by the name of its file. */
  static Map<String, Schema> today() {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    for (Topic<?> topic : Topics.all()) {
      schemas.put(topic.name(), topic.schema());
    }
    schemas.put("agent.assignments", Topics.agentAssignments("any").schema());
    return schemas;
  }

  static List<String> versions() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  static Map<String, Schema> of(String version) throws IOException {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(FOLDER.resolve(version))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        schemas.put(
            name.substring(0, name.length() - SUFFIX.length()),
            new Schema.Parser().parse(Files.readString(file)));
      }
    }
    return schemas;
  }

  static void write(String version) throws IOException {
    Path folder = Files.createDirectories(FOLDER.resolve(version));
    for (Map.Entry<String, Schema> schema : today().entrySet()) {
      Files.writeString(
          folder.resolve(schema.getKey() + SUFFIX), schema.getValue().toString(true) + "\n");
    }
  }
}
