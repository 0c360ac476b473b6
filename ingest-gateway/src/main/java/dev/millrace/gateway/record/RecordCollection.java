package dev.millrace.gateway.record;

import dev.millrace.gateway.auth.Person;
import dev.millrace.schemas.knowledge.RecordKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A collection of records that users have.
 *
 * @param name name of its table, and of the list in answers
 * @param kind what its records are called in events
 * @param schema schema of its bodies in the OpenAPI document; empty for what is no JSON
 * @param columns its fields, besides those that all records have
 * @param identity fields that no two records of a user share; none if only the id tells them apart
 * @param filters fields that a list can be narrowed down by
 * @param defaults of fields
 */
record RecordCollection(
    String name,
    RecordKind kind,
    String schema,
    List<String> columns,
    List<String> identity,
    List<String> filters,
    Map<String, String> defaults) {

  private static final String PREFIX = "/api/knowledge/";

  static final RecordCollection CAMPAIGNS =
      new RecordCollection(
          "campaigns",
          RecordKind.CAMPAIGN,
          "Campaign",
          List.of("name", "theme", "status", "starts_on", "ends_on"),
          List.of(),
          List.of("status"),
          Map.of("status", "draft"));

  static final RecordCollection PROJECT_CAMPAIGNS =
      new RecordCollection(
          "project_campaigns",
          RecordKind.PROJECT_CAMPAIGN,
          "ProjectCampaign",
          List.of("project_id", "campaign_id"),
          List.of("project_id", "campaign_id"),
          List.of("project_id", "campaign_id"),
          Map.of());

  static final RecordCollection PROJECT_EMBEDDINGS =
      new RecordCollection(
          "project_embeddings",
          RecordKind.PROJECT_EMBEDDING,
          "ProjectText",
          List.of("project_id", "title", "content", "model", "dimensions"),
          List.of(),
          List.of("project_id"),
          Map.of());

  static final RecordCollection PROJECT_FEEDBACK =
      new RecordCollection(
          "project_feedback",
          RecordKind.PROJECT_FEEDBACK,
          "ProjectFeedback",
          List.of("project_id", "document_uri", "rating", "comment"),
          List.of("project_id", "document_uri"),
          List.of("project_id", "document_uri"),
          Map.of());

  /** Each of its records comes with a file. */
  static final RecordCollection USER_FILES =
      new RecordCollection(
          "user_files",
          RecordKind.USER_FILE,
          "",
          List.of("name", "media_type", "size_bytes", "content_hash", "document_uri", "project_id"),
          List.of("name"),
          List.of("project_id"),
          Map.of());

  static final RecordCollection USER_PREFERENCES =
      new RecordCollection(
          "user_preferences",
          RecordKind.USER_PREFERENCE,
          "UserPreference",
          List.of("kind", "value", "weight", "origin"),
          List.of("kind", "value"),
          List.of("kind"),
          Map.of("origin", "stated"));

  static final List<RecordCollection> ALL =
      List.of(
          CAMPAIGNS,
          PROJECT_CAMPAIGNS,
          PROJECT_EMBEDDINGS,
          PROJECT_FEEDBACK,
          USER_FILES,
          USER_PREFERENCES);

  /** Address of the collection. */
  String path() {
    return PREFIX + name.replace('_', '-');
  }

  /**
   * Identity of a new record. What a user has once is the same record when it is sent again: the
   * second time replaces the first.
   */
  String newId(Person person, JsonNode data) {
    if (identity.isEmpty()) {
      return UUID.randomUUID().toString();
    }
    String told =
        identity.stream()
            .map(field -> data.path(field).asString(""))
            .collect(Collectors.joining("\n", name + "\n", ""));
    String owner = person.tenant() + "\n" + person.userId() + "\n";
    return UUID.nameUUIDFromBytes((owner + told).getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** A page of its rows, in the order in which they were made. */
  String listed() {
    String narrowed =
        filters.stream()
            .map(field -> " AND (:%1$s::text IS NULL OR %1$s::text = :%1$s)".formatted(field))
            .collect(Collectors.joining());
    return select()
        + """
         WHERE (:after::timestamptz IS NULL
                OR (created_at, id) > (:after::timestamptz, :afterId::uuid))\
        """
        + narrowed
        + " ORDER BY created_at, id LIMIT :limit";
  }

  /** One of its rows. */
  String one() {
    return select() + " WHERE id = :id::uuid";
  }

  private String select() {
    return "SELECT id, "
        + String.join(", ", columns)
        + ", revision, created_at, changed_at FROM knowledge."
        + name
        + "\n";
  }
}
