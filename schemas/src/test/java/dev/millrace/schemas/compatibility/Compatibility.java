package dev.millrace.schemas.compatibility;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/** Compares a schema with a released one, in both directions. */
final class Compatibility {

  private Compatibility() {}

  /** What breaks; empty when either side reads what the other wrote. */
  static List<String> problems(Schema released, Schema today) {
    return Stream.concat(
            problems("who reads with today's schema cannot read released records", today, released),
            problems("who reads with the released schema cannot read new records", released, today))
        .toList();
  }

  private static Stream<String> problems(String who, Schema reader, Schema writer) {
    SchemaPairCompatibility result =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (result.getType() == SchemaCompatibilityType.COMPATIBLE) {
      return Stream.empty();
    }
    return result.getResult().getIncompatibilities().stream()
        .map(problem ->
            "%s: %s at %s (%s)"
                .formatted(who, problem.getType(), problem.getLocation(), problem.getMessage()));
  }
}
