package dev.millrace.runtime.routing;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How large a request may be. What follows from it holds all of it and more, and is written without
 * the compression that its own record may have had.
 */
public final class RequestSize {

  /** Texts of a request, or of the result of a task, in bytes at most. */
  public static final int MAX_TEXT_BYTES = Topic.MAX_RECORD_BYTES - (1 << 20);

  /** Further repositories of a request at most: each is cloned for an agent that is a command. */
  public static final int MAX_FURTHER_REPOSITORIES = 10;

  private RequestSize() {}

  /** Whether what follows from the request can be written. */
  public static boolean fits(TaskRequest request) {
    return textBytes(request) <= MAX_TEXT_BYTES && !hasTooManyRepositories(request);
  }

  /** Whether it names more further repositories than an agent gets. */
  public static boolean hasTooManyRepositories(TaskRequest request) {
    TaskContext context = request.getContext();
    return context != null && context.getRepositories().size() > MAX_FURTHER_REPOSITORIES;
  }

  /** Bytes that the texts of a request take; the role counts twice, as in an assignment. */
  static long textBytes(TaskRequest request) {
    Map<String, String> attributes = request.getAttributes();
    long sum =
        bytes(
            request.getTaskId(),
            request.getTaskType(),
            request.getDescription(),
            request.getTitle(),
            request.getAgent(),
            request.getTenant(),
            request.getIdempotencyKey(),
            request.getParentTaskId(),
            request.getRequestedBy(),
            attributes.get(WorkflowTasks.ROLE));
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      sum += bytes(attribute.getKey(), attribute.getValue());
    }
    TaskContext context = request.getContext();
    return context == null
        ? sum
        : sum
            + bytes(context.getRepository(), context.getBranch(), context.getFilePath())
            + bytes(context.getRepositories().toArray(new String[0]));
  }

  private static long bytes(@Nullable String... texts) {
    long sum = 0;
    for (String text : texts) {
      sum += text == null ? 0 : utf8Length(text);
    }
    return sum;
  }

  /** Without encoding it: most requests are far from the limit. */
  private static long utf8Length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        length += 1;
      } else {
        // a character beyond the first plane is a pair of surrogates and takes four bytes
        length += c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
      }
    }
    return length;
  }
}
