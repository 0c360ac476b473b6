package dev.millrace.router.routing;

import dev.millrace.router.queue.QueueName;
import dev.millrace.router.workflow.WorkflowRules;
import dev.millrace.runtime.queue.TaskTrailer;
import dev.millrace.runtime.routing.RequestSize;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.task.TaskRequest;
import java.util.Optional;

/** Finds the queue of a request, or what is wrong with it. */
public final class RequestRouting {

  private final RoutingTable routes;
  private final WorkflowRules workflow;

  public RequestRouting(RoutingTable routes, WorkflowRules workflow) {
    this.routes = routes;
    this.workflow = workflow;
  }

  /** Where a request goes. */
  public sealed interface Decision {
    /** Into the queue of its agent. */
    record ToQueue(QueueName queue) implements Decision {}

    /** It is several agents' work, one after the other. */
    record ToWorkflow() implements Decision {}

    /** Nowhere. */
    record Refused(String reason) implements Decision {}
  }

  /** Decides: the agent that the request names, else the one that the routing table names. */
  public Decision decide(TaskRequest request) {
    Optional<String> problem = problem(request);
    if (problem.isPresent()) {
      return new Decision.Refused(problem.get());
    }
    if (workflow.takes(request)) {
      return new Decision.ToWorkflow();
    }
    if (request.getAgent() != null) {
      return routes.agents().contains(request.getAgent())
          ? new Decision.ToQueue(queue(request.getAgent(), request))
          : new Decision.Refused(
              "expected an agent of %s, found '%s'".formatted(routes.agents(), request.getAgent()));
    }
    return routes
        .agentFor(request.getTaskType())
        .<Decision>map(agent -> new Decision.ToQueue(queue(agent, request)))
        .orElseGet(() ->
            new Decision.Refused(
                "expected a task_type of %s, found '%s'; or name an agent"
                    .formatted(routes.taskTypes(), request.getTaskType())));
  }

  private QueueName queue(String agent, TaskRequest request) {
    return new QueueName(routes.queueFor(agent, request.getTenant()));
  }

  private static Optional<String> problem(TaskRequest request) {
    if (request.getTaskId().isBlank()) {
      return Optional.of("expected a task_id, found a blank");
    }
    if (!TaskTrailer.isId(request.getTaskId())) {
      return Optional.of(
          "expected a task_id of at most %d characters without control characters, found another"
              .formatted(TaskTrailer.MAX_ID_LENGTH));
    }
    if (request.getTaskType().isBlank()) {
      return Optional.of("expected a task_type, found a blank");
    }
    String tenant = request.getTenant();
    if (tenant != null && !tenant.isBlank() && !RoutingTable.isTenant(tenant)) {
      return Optional.of(
          "expected a tenant of at most 100 characters without control characters, found another");
    }
    if (request.getDescription().isBlank()) {
      return Optional.of("expected a description, found a blank");
    }
    if (RequestSize.hasTooManyRepositories(request)) {
      return Optional.of(
          "expected at most %d further repositories, found more"
              .formatted(RequestSize.MAX_FURTHER_REPOSITORIES));
    }
    return RequestSize.fits(request)
        ? Optional.empty()
        : Optional.of(
            "expected texts of at most %d bytes together, found more"
                .formatted(RequestSize.MAX_TEXT_BYTES));
  }
}
