package dev.millrace.client;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task that is asked for. {@link #of} begins one; the {@code with} methods add to it.
 *
 * @param taskType kind of work, which decides the agent
 * @param priority critical, high, medium or low
 * @param repository repository as owner/name
 * @param attributes further parameters for the agent
 */
public record NewTask(
    String taskType,
    String description,
    @Nullable String priority,
    @Nullable String title,
    @Nullable String agent,
    @Nullable String tenant,
    @Nullable String repository,
    @Nullable String filePath,
    @Nullable String branch,
    Map<String, String> attributes,
    @Nullable Instant deadline) {

  public NewTask {
    attributes = Map.copyOf(attributes);
  }

  public static NewTask of(String taskType, String description) {
    return new NewTask(
        taskType, description, null, null, null, null, null, null, null, Map.of(), null);
  }

  public NewTask withPriority(String value) {
    return new NewTask(
        taskType,
        description,
        value,
        title,
        agent,
        tenant,
        repository,
        filePath,
        branch,
        attributes,
        deadline);
  }

  public NewTask withTitle(String value) {
    return new NewTask(
        taskType,
        description,
        priority,
        value,
        agent,
        tenant,
        repository,
        filePath,
        branch,
        attributes,
        deadline);
  }

  /** Names the agent, instead of leaving that to the task's type. */
  public NewTask withAgent(String value) {
    return new NewTask(
        taskType,
        description,
        priority,
        title,
        value,
        tenant,
        repository,
        filePath,
        branch,
        attributes,
        deadline);
  }

  public NewTask withTenant(String value) {
    return new NewTask(
        taskType,
        description,
        priority,
        title,
        agent,
        value,
        repository,
        filePath,
        branch,
        attributes,
        deadline);
  }

  /**
   * Says where it works.
   *
   * @param path file it is about; null for none
   * @param onBranch null for the default branch
   */
  public NewTask in(String name, @Nullable String path, @Nullable String onBranch) {
    return new NewTask(
        taskType,
        description,
        priority,
        title,
        agent,
        tenant,
        name,
        path,
        onBranch,
        attributes,
        deadline);
  }

  public NewTask withAttribute(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(attributes);
    all.put(name, value);
    return new NewTask(
        taskType,
        description,
        priority,
        title,
        agent,
        tenant,
        repository,
        filePath,
        branch,
        all,
        deadline);
  }

  /** When it is worth nothing any more. */
  public NewTask withDeadline(Instant value) {
    return new NewTask(
        taskType,
        description,
        priority,
        title,
        agent,
        tenant,
        repository,
        filePath,
        branch,
        attributes,
        value);
  }

  /** As the API wants it: its names are in camel case, and the work is an object of its own. */
  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("taskType", taskType);
    put(body, "priority", priority);
    put(body, "title", title);
    put(body, "agent", agent);
    put(body, "tenant", tenant);
    put(body, "deadline", deadline);
    if (!attributes.isEmpty()) {
      body.put("attributes", attributes);
    }
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("description", description);
    Map<String, Object> context = new LinkedHashMap<>();
    put(context, "repository", repository);
    put(context, "filePath", filePath);
    put(context, "branch", branch);
    if (!context.isEmpty()) {
      payload.put("context", context);
    }
    body.put("payload", payload);
    return body;
  }

  private static void put(Map<String, Object> body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value);
    }
  }
}
