package dev.millrace.gateway.record;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.auth.Person;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.PersonalReads;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.schemas.knowledge.KnowledgeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records of users over HTTP: lists, single ones, new ones, changes and removals, the same for each
 * collection. Files come as uploads, see {@link UserFiles}.
 */
public final class RecordRoutes {

  private final Access access;
  private final Bodies bodies;
  private final PersonalReads reads;
  private final RecordWriter writer;
  private final UserFiles files;

  /**
   * @param timeout how long a change waits to be done before the answer is 202
   */
  public RecordRoutes(
      Access access,
      Bodies bodies,
      PersonalReads reads,
      EventSink sink,
      Replies<KnowledgeRecord> replies,
      Duration timeout) {
    this.access = access;
    this.bodies = bodies;
    this.reads = reads;
    this.writer = new RecordWriter(sink, replies, timeout);
    this.files = new UserFiles(access, sink, writer);
  }

  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (RecordCollection collection : RecordCollection.ALL) {
      String one = collection.path() + "/{id}";
      routes.add(Route.get(collection.path(), call -> list(call, collection)));
      routes.add(Route.get(one, call -> get(call, collection)));
      if (collection.equals(RecordCollection.USER_FILES)) {
        routes.add(Route.post(collection.path(), files::upload));
        routes.add(Route.delete(one, call -> removeFile(call, collection)));
      } else {
        BodyReader schema = bodies.of(collection.schema());
        routes.add(Route.post(collection.path(), call -> create(call, collection, schema)));
        routes.add(Route.put(one, call -> change(call, collection, schema)));
        routes.add(Route.delete(one, call -> remove(call, collection)));
      }
    }
    return routes;
  }

  private Answer list(Call call, RecordCollection collection) {
    Person person = access.person(call);
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    Optional<Cursor> cursor = Cursor.of(call, 2);
    Map<String, @Nullable Object> bindings = new HashMap<>();
    collection.filters().forEach(field -> bindings.put(field, call.query(field).orElse(null)));
    bindings.put("after", cursor.map(place -> place.time(0)).orElse(null));
    bindings.put("afterId", cursor.map(place -> uuid(place.parts().get(1))).orElse(null));
    bindings.put("limit", limit + 1);
    Page page =
        Page.of(
            reads.rows(person, collection.listed(), bindings),
            limit,
            row ->
                new Cursor(
                    List.of(
                        row.required("created_at").stringValue(),
                        row.required("id").stringValue())));
    return Answer.ok(page.body(collection.name()));
  }

  private static String uuid(String text) {
    try {
      return UUID.fromString(text).toString();
    } catch (IllegalArgumentException e) {
      throw Cursor.notOurs();
    }
  }

  private Answer get(Call call, RecordCollection collection) {
    return Answer.ok(known(call, access.person(call), collection));
  }

  private Answer create(Call call, RecordCollection collection, BodyReader schema)
      throws InterruptedException {
    Person person = access.person(call);
    ObjectNode data = data(call, collection, schema);
    return writer.put(call, person, collection, collection.newId(person, data), data);
  }

  private Answer change(Call call, RecordCollection collection, BodyReader schema)
      throws InterruptedException {
    Person person = access.person(call);
    ObjectNode before = known(call, person, collection);
    ObjectNode data = data(call, collection, schema);
    return writer.put(call, person, collection, before.required("id").stringValue(), data);
  }

  private Answer remove(Call call, RecordCollection collection) throws InterruptedException {
    Person person = access.person(call);
    ObjectNode before = known(call, person, collection);
    return writer.remove(call, person, collection, before.required("id").stringValue());
  }

  private Answer removeFile(Call call, RecordCollection collection) throws InterruptedException {
    Person person = access.person(call);
    return files.remove(call, person, known(call, person, collection));
  }

  private ObjectNode data(Call call, RecordCollection collection, BodyReader schema) {
    ObjectNode data = (ObjectNode) schema.read(call).node().deepCopy();
    collection
        .defaults()
        .forEach((field, value) -> {
          if (!data.hasNonNull(field)) {
            data.put(field, value);
          }
        });
    return data;
  }

  /** The record that the path names, if it is one of the user's. */
  private ObjectNode known(Call call, Person person, RecordCollection collection) {
    String id = call.parameter("id");
    List<ObjectNode> found =
        isUuid(id) ? reads.rows(person, collection.one(), Map.of("id", id)) : List.of();
    if (found.isEmpty()) {
      throw ProblemException.notFound(
          "the user has no record %s among %s".formatted(id, collection.name()));
    }
    return found.getFirst();
  }

  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
