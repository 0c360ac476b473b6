package dev.millrace.gateway.deadletter;

import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.schemas.event.EventId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Dead letters as the read models have them. */
final class LetterRows {

  private static final Pattern ID = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

  private static final String SELECT =
      """
      SELECT l.id, coalesce(d.action, 'open') AS status, l.topic, l.partition, l."offset", l.key,
             l.app, l.error, l.reason, l.attempts, l.event_id, l.value_bytes, l.missing,
             l.failed_at, l.trace_id
        FROM public.dead_letters l
        LEFT JOIN LATERAL (
          SELECT CASE action WHEN 'send_back' THEN 'sent_back' ELSE 'discarded' END AS action
            FROM public.dead_letter_decisions
           WHERE letter_id = l.id
           ORDER BY decided_at
           LIMIT 1) d ON true
      """;

  private static final String FILTERED =
      SELECT
          + """
           WHERE (:status::text = 'all' OR coalesce(d.action, 'open') = :status)
             AND (:topic::text IS NULL OR l.topic = :topic)
             AND (:app::text IS NULL OR l.app = :app)
             AND (:error::text IS NULL OR l.error = :error)
             AND (:since::timestamptz IS NULL OR l.failed_at >= :since::timestamptz)
             AND (:until::timestamptz IS NULL OR l.failed_at < :until::timestamptz)
             AND (:beforeTime::timestamptz IS NULL
                  OR (l.failed_at, l.id) < (:beforeTime::timestamptz, :beforeId))
           ORDER BY l.failed_at DESC, l.id DESC
           LIMIT :limit
          """;

  private static final String ONE = SELECT + " WHERE l.id = :id";

  private static final String DECISIONS =
      """
      SELECT decision_id, action, corrected, reason, decided_by, decided_at
        FROM public.dead_letter_decisions
       WHERE letter_id = :id
       ORDER BY decided_at
       LIMIT 100
      """;

  private static final String RECORD =
      """
      SELECT payload ->> 'value' AS value, payload -> 'headers' AS headers
        FROM audit.records
       WHERE topic = 'dead.letters' AND partition = :partition AND "offset" = :offset
      """;

  private static final String ORIGINAL =
      """
      SELECT EXISTS (
        SELECT FROM audit.records
         WHERE topic = :topic AND partition = :partition AND "offset" = :offset
           AND event_id = :event AND redacted IS NULL) AS has_original
      """;

  private final ReadModels reads;

  LetterRows(ReadModels reads) {
    this.reads = reads;
  }

  /**
   * Which letters.
   *
   * @param status open, sent_back, discarded or all
   */
  record Filter(
      String status,
      @Nullable String topic,
      @Nullable String app,
      @Nullable String error,
      @Nullable String since,
      @Nullable String until) {

    boolean isEmpty() {
      return topic == null && app == null && error == null && since == null && until == null;
    }
  }

  /** The newest letters, before one if it is given. */
  List<ObjectNode> list(
      Filter filter, @Nullable String beforeTime, @Nullable String beforeId, int limit) {
    Map<String, @Nullable Object> bindings = new HashMap<>();
    bindings.put("status", filter.status());
    bindings.put("topic", filter.topic());
    bindings.put("app", filter.app());
    bindings.put("error", filter.error());
    bindings.put("since", filter.since());
    bindings.put("until", filter.until());
    bindings.put("beforeTime", beforeTime);
    bindings.put("beforeId", beforeId);
    bindings.put("limit", limit);
    return reads.rows(FILTERED, bindings);
  }

  /** A letter; 404 if there is none. */
  ObjectNode get(String id) {
    List<ObjectNode> found = reads.rows(ONE, Map.of("id", id));
    if (found.isEmpty()) {
      throw ProblemException.notFound("there is no dead letter " + id);
    }
    return found.getFirst();
  }

  List<ObjectNode> decisions(String id) {
    return reads.rows(DECISIONS, Map.of("id", id));
  }

  /** Whether the mirror has the record that a letter is about as it was. */
  boolean hasOriginal(ObjectNode letter) {
    String topic = letter.required("topic").stringValue();
    int partition = letter.required("partition").intValue();
    long offset = letter.required("offset").longValue();
    String place = EventId.ofPosition(topic, partition, offset).value();
    Map<String, Object> bindings =
        Map.of(
            "topic", topic,
            "partition", partition,
            "offset", offset,
            "event", letter.path("event_id").stringValue(place));
    return reads.rows(ORIGINAL, bindings).stream()
        .anyMatch(row -> row.path("has_original").booleanValue(false));
  }

  /** Value in Base64 and headers of the record of a letter, while the mirror has it. */
  Optional<ObjectNode> record(String id) {
    Matcher place = ID.matcher(id);
    if (!place.matches()) {
      return Optional.empty();
    }
    return reads
        .rows(
            RECORD,
            Map.of(
                "partition", Integer.parseInt(place.group(1)),
                "offset", Long.parseLong(place.group(2))))
        .stream()
        .findFirst();
  }
}
