package dev.millrace.gateway.queue;

import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.task.TaskRequest;

/**
 * Lets tasks into the queue that they will wait in. A task that begins a flow of the development
 * workflow waits in none: its steps do, later.
 */
public final class Admission {

  private final RoutingTable routes;
  private final WorkflowTasks workflow;
  private final Queues queues;

  public Admission(RoutingTable routes, WorkflowTasks workflow, Queues queues) {
    this.routes = routes;
    this.workflow = workflow;
    this.queues = queues;
  }

  /** Whether a task begins a flow. */
  public boolean beginsFlow(TaskRequest request) {
    return workflow.takes(request);
  }

  /**
   * Admits a task.
   *
   * @param agent agent that it goes to
   * @return its queue, the one that commands to it name
   * @throws dev.millrace.gateway.http.ProblemException 429 if that is full
   */
  public String admit(TaskRequest request, String agent) {
    if (beginsFlow(request)) {
      return WorkflowTasks.QUEUE;
    }
    String queue = routes.queueFor(agent, request.getTenant());
    queues.requireRoom(queue);
    queues.accepted(queue);
    return queue;
  }
}
