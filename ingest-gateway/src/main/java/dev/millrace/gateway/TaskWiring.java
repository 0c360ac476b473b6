package dev.millrace.gateway;

import dev.millrace.gateway.agent.AgentAnalytics;
import dev.millrace.gateway.agent.AgentOperations;
import dev.millrace.gateway.agent.AgentReads;
import dev.millrace.gateway.agent.AgentSpawn;
import dev.millrace.gateway.agent.PendingAgents;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.operation.QueueCommands;
import dev.millrace.gateway.operation.QueueOperations;
import dev.millrace.gateway.operation.TaskOperations;
import dev.millrace.gateway.queue.Admission;
import dev.millrace.gateway.queue.QueueReads;
import dev.millrace.gateway.queue.Queues;
import dev.millrace.gateway.stream.RowStreams;
import dev.millrace.gateway.task.NextTask;
import dev.millrace.gateway.task.RecentTasks;
import dev.millrace.gateway.task.TaskIntake;
import dev.millrace.gateway.task.TaskReads;
import dev.millrace.gateway.task.TaskRequests;
import dev.millrace.gateway.task.TaskStream;
import dev.millrace.gateway.task.VideoIntake;
import dev.millrace.schemas.task.QueueSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Tasks, queues and agents: asked for, as they stand, and commands to them. */
final class TaskWiring {

  private final SharedParts shared;
  private final RecentTasks recent = new RecentTasks();
  private final Queues queues = new Queues();
  private final TaskRequests requests;
  private final Admission admission;
  private final QueueCommands commands;
  private final TaskReads tasks;
  private final RowStreams streams;

  TaskWiring(SharedParts shared) {
    Ports ports = shared.ports();
    this.shared = shared;
    this.requests = new TaskRequests(ports.sink(), recent);
    this.admission = new Admission(shared.routing(), shared.config().workflow(), queues);
    this.commands = new QueueCommands(ports.sink(), shared.commands(), ports.clock());
    this.tasks = new TaskReads(shared.access(), ports.reads(), recent);
    this.streams = new RowStreams(shared.config().stream());
  }

  /** How full a queue is came on its topic. */
  void saw(QueueSnapshot snapshot) {
    queues.saw(snapshot);
  }

  void closeStreams() {
    streams.close();
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(intake());
    routes.addAll(ofTasks());
    routes.addAll(ofQueues());
    routes.addAll(ofAgents());
    return routes;
  }

  private List<Route> intake() {
    return List.of(
        Route.post(
            "/api/orchestrator",
            new TaskIntake(
                shared.access(),
                shared.routing(),
                shared.bodies(),
                shared.receipts(),
                requests,
                admission,
                shared.repositories(),
                shared.ports().clock())),
        Route.post(
            "/api/orchestrator/create-video",
            new VideoIntake(shared.access(), shared.bodies(), shared.receipts(), requests)));
  }

  private List<Route> ofTasks() {
    NextTask next =
        new NextTask(
            shared.access(),
            shared.bodies(),
            shared.ports().reads(),
            recent,
            tasks,
            queues,
            shared.config().taskTimeout());
    List<Route> routes = new ArrayList<>();
    routes.addAll(tasks.routes());
    routes.addAll(new TaskStream(shared.access(), shared.ports().reads(), tasks, streams).routes());
    routes.addAll(new TaskOperations(shared.access(), shared.bodies(), commands, tasks).routes());
    routes.addAll(next.routes());
    return routes;
  }

  private List<Route> ofQueues() {
    QueueOperations operations =
        new QueueOperations(
            shared.access(), shared.bodies(), commands, tasks, queues, shared.routing());
    List<Route> routes = new ArrayList<>();
    routes.addAll(new QueueReads(shared.access(), shared.ports().reads(), queues).routes());
    routes.addAll(operations.routes());
    return routes;
  }

  private List<Route> ofAgents() {
    PendingAgents pending = new PendingAgents(shared.ports().reads(), recent, tasks);
    AgentReads agents = new AgentReads(shared.access(), shared.ports().reads(), pending, streams);
    AgentSpawn spawn =
        new AgentSpawn(
            shared.access(),
            shared.bodies(),
            shared.receipts(),
            shared.routing(),
            admission,
            shared.repositories(),
            requests);
    AgentOperations operations =
        new AgentOperations(
            shared.access(), shared.bodies(), agents, tasks, commands, shared.ports().sink());
    List<Route> routes = new ArrayList<>();
    routes.addAll(new AgentAnalytics(shared.access(), shared.ports().reads()).routes());
    routes.addAll(agents.routes());
    routes.addAll(spawn.routes());
    routes.addAll(operations.routes());
    return routes;
  }
}
