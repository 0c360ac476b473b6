package dev.millrace.gateway.learning;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.gateway.auth.UserId;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.schemas.json.AvroJsonWriter;
import dev.millrace.schemas.learning.LearningStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where learners stand: the read model, overlaid by what came on the topic a moment ago, so that a
 * learner sees at once what the planner answered.
 */
public final class LatestStatuses {

  private static final Logger log = LoggerFactory.getLogger(LatestStatuses.class);
  private static final int MAX_LEARNERS = 100_000;
  private static final Duration FORGET_AFTER = Duration.ofHours(1);
  private static final String FIND =
      "SELECT status, updated_at FROM public.learning_statuses WHERE user_id = :user";

  private final ReadModels reads;
  private final Cache<String, Seen> seen =
      Caffeine.newBuilder().maximumSize(MAX_LEARNERS).expireAfterWrite(FORGET_AFTER).build();

  /** What came on the topic, and from when it is: a status, or null for one who is forgotten. */
  private record Seen(@Nullable LearningStatus status, Instant at) {

    Optional<JsonNode> json() {
      return Optional.ofNullable(status).map(known -> Json.read(AvroJsonWriter.write(known)));
    }
  }

  public LatestStatuses(ReadModels reads) {
    this.reads = reads;
  }

  /** A status came on the topic. */
  public void saw(LearningStatus status) {
    saw(status.getUserId(), new Seen(status, status.getUpdatedAt()));
  }

  /** A tombstone came on the topic: what is known from before is no longer told. */
  public void forget(String userId, Instant at) {
    saw(userId, new Seen(null, at));
  }

  private void saw(String userId, Seen latest) {
    seen.asMap()
        .merge(userId, latest, (known, other) -> other.at().isBefore(known.at()) ? known : other);
  }

  /**
   * The latest status of a learner, as the record in JSON; empty for one who never learned.
   *
   * @throws ProblemException 503 if Postgres is away and nothing came on the topic
   */
  public Optional<JsonNode> find(UserId user) {
    Seen recent = seen.getIfPresent(user.value());
    List<ObjectNode> stored;
    try {
      stored = reads.rows(FIND, Map.of("user", user.value()));
    } catch (ProblemException e) {
      if (recent == null) {
        throw e;
      }
      log.atInfo().addKeyValue("reason", e.getMessage()).log("status from the topic alone");
      return recent.json();
    }
    Optional<JsonNode> status = stored.stream().findFirst().map(row -> row.required("status"));
    return recent == null
        ? status
        : status.filter(known -> !updatedAt(known).isBefore(recent.at())).or(recent::json);
  }

  private static Instant updatedAt(JsonNode status) {
    return Instant.parse(status.required("updated_at").stringValue());
  }
}
