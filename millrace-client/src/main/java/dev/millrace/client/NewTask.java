package dev.millrace.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task that is asked for. {@link #of} begins one; the others add to it. */
public final class NewTask {

  private static final String FURTHER = "repositories";

  private final String description;
  private final Map<String, Object> fields;
  private final Map<String, Object> context;
  private final Map<String, Object> attributes;

  private NewTask(
      String description,
      Map<String, Object> fields,
      Map<String, Object> context,
      Map<String, Object> attributes) {
    this.description = description;
    this.fields = fields;
    this.context = context;
    this.attributes = attributes;
  }

  /**
   * A task.
   *
   * @param taskType kind of work, which decides the agent
   */
  public static NewTask of(String taskType, String description) {
    return new NewTask(description, Map.of("taskType", taskType), Map.of(), Map.of());
  }

  /**
   * Says how urgent it is.
   *
   * @param value critical, high, medium or low
   */
  public NewTask withPriority(String value) {
    return with("priority", value);
  }

  public NewTask withTitle(String value) {
    return with("title", value);
  }

  /** Names the agent, instead of leaving that to the task's type. */
  public NewTask withAgent(String value) {
    return with("agent", value);
  }

  public NewTask withTenant(String value) {
    return with("tenant", value);
  }

  /** When it is worth nothing any more. */
  public NewTask withDeadline(Instant value) {
    return with("deadline", value);
  }

  /**
   * Says where it works.
   *
   * @param repository as owner/name
   * @param path file it is about; null for none
   * @param branch null for the default branch
   */
  public NewTask in(String repository, @Nullable String path, @Nullable String branch) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("repository", repository);
    if (context.containsKey(FURTHER)) {
      place.put(FURTHER, context.get(FURTHER));
    }
    if (path != null) {
      place.put("filePath", path);
    }
    if (branch != null) {
      place.put("branch", branch);
    }
    return new NewTask(description, fields, place, attributes);
  }

  /**
   * Names further repositories that its agent may read; results go to the one that it works in.
   *
   * @param repositories as owner/name, at most 10
   */
  public NewTask reading(String... repositories) {
    return new NewTask(
        description, fields, plus(context, FURTHER, List.of(repositories)), attributes);
  }

  /** Adds a further parameter for the agent. */
  public NewTask withAttribute(String name, String value) {
    return new NewTask(description, fields, context, plus(attributes, name, value));
  }

  private NewTask with(String name, Object value) {
    return new NewTask(description, plus(fields, name, value), context, attributes);
  }

  /** As the API wants it: its names are in camel case, and the work is an object of its own. */
  Map<String, Object> body() {
    Map<String, Object> payload = Map.of("description", description);
    if (!context.isEmpty()) {
      payload = plus(payload, "context", context);
    }
    Map<String, Object> body =
        attributes.isEmpty() ? fields : plus(fields, "attributes", attributes);
    return plus(body, "payload", payload);
  }

  private static Map<String, Object> plus(Map<String, Object> map, String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(map);
    more.put(name, value);
    return more;
  }
}
