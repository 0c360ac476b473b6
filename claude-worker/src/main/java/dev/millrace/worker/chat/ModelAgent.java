package dev.millrace.worker.chat;

import dev.millrace.repositories.CommitRequest;
import dev.millrace.runtime.writer.AnswerSchema;
import dev.millrace.runtime.writer.Fence;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.chat.ChatModel.Conversation;
import dev.millrace.worker.chat.ChatModel.Reply;
import dev.millrace.worker.chat.ChatModel.ToolResult;
import dev.millrace.worker.prompt.Briefing;
import dev.millrace.worker.prompt.Briefings;
import dev.millrace.worker.source.SourceFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An agent that is a model: it asks, does the calls of tools that the model makes, and asks again,
 * until there is an answer. Before each call of the model the budget is asked.
 */
public final class ModelAgent implements Agent, AutoCloseable {

  /** Calls of the model in one run at most: a model that runs in circles is stopped. */
  static final int MAX_ROUNDS = 24;

  /** Calls of tools in one message that are done at most. */
  static final int MAX_CALLS = 32;

  private final ChatModel model;
  private final Briefings briefings;
  private final SourceFiles sources;
  private final SiteTools tools;
  private final boolean workflowsAllowed;

  /**
   * @param tools what its models may call besides the tools of the repository
   * @param workflowsAllowed whether they may write what makes GitHub run code
   */
  public ModelAgent(
      ChatModel model,
      Briefings briefings,
      SourceFiles sources,
      SiteTools tools,
      boolean workflowsAllowed) {
    this.model = model;
    this.briefings = briefings;
    this.sources = sources;
    this.tools = tools;
    this.workflowsAllowed = workflowsAllowed;
  }

  @Override
  public Provider provider() {
    return model.provider();
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    Briefing briefing = briefings.brief(run, reporter);
    // What cannot be committed in the end is not paid for first.
    briefing.target().ifPresent(path -> CommitRequest.checkPath(path, workflowsAllowed));
    Fence fence = briefings.fence(run);
    RepositoryTools files =
        new RepositoryTools(run, sources, fence, briefing.writes(), workflowsAllowed);
    List<Tool> all = new ArrayList<>(files.tools());
    all.addAll(tools.of(run, fence, reporter));
    Toolbox toolbox = new Toolbox(all);
    Conversation conversation = model.begin(briefing.prompt(), toolbox.specs());
    return switch (converse(conversation, briefing, toolbox, reporter)) {
      case Reply.Said said ->
          completed(briefing.completed(said.text(), said.model()), files.written());
      case Reply.Broke broke -> new AgentResult.Failed(broke.failure());
      case Reply.Calls _ -> throw new IllegalStateException("calls are answered, not returned");
    };
  }

  /** Asks until there is an answer, or none to be had. */
  private Reply converse(
      Conversation conversation, Briefing briefing, Toolbox toolbox, RunReporter reporter)
      throws InterruptedException {
    boolean rejected = false;
    for (int round = 1; round <= MAX_ROUNDS; round++) {
      reporter.beforeCall();
      reporter.log("asks " + model.label());
      switch (conversation.next(reporter)) {
        case Reply.Said said -> {
          Optional<String> problem = rejected ? Optional.empty() : problem(briefing, said);
          if (problem.isEmpty()) {
            return said;
          }
          rejected = true;
          reporter.log("sends the answer back: " + problem.get());
          conversation.reject(
              said.text(),
              "Your answer does not fit the JSON Schema: %s. Answer again, with one JSON object that fits and nothing else."
                  .formatted(problem.get()));
        }
        case Reply.Broke broke -> {
          return broke;
        }
        case Reply.Calls calls -> {
          conversation.answer(results(calls.calls(), toolbox, reporter));
        }
      }
    }
    return new Reply.Broke(
        AgentFailure.permanent(
            "too_many_rounds",
            "the model still called tools after %d rounds; make the task smaller"
                .formatted(MAX_ROUNDS)));
  }

  /** Does the calls of a message: all must be answered, and those that are too many are refused. */
  private static List<ToolResult> results(
      List<ChatModel.Call> calls, Toolbox toolbox, RunReporter reporter) {
    List<ToolResult> results = new ArrayList<>();
    for (ChatModel.Call call : calls) {
      results.add(
          results.size() < MAX_CALLS
              ? toolbox.call(call, reporter)
              : new ToolResult(
                  call.id(), "expected at most %d calls at once".formatted(MAX_CALLS), false));
    }
    if (calls.size() > MAX_CALLS) {
      reporter.log(
          "%d calls at once: those after the first %d are refused"
              .formatted(calls.size(), MAX_CALLS));
    }
    return results;
  }

  /**
   * What is wrong with an answer that must be JSON. It is sent back once; if the next is no better,
   * the run fails, as that of any other agent would.
   */
  private static Optional<String> problem(Briefing briefing, Reply.Said said) {
    return briefing
        .answer()
        .flatMap(schema ->
            switch (schema.check(said.text())) {
              case AnswerSchema.Checked.Fits _ -> Optional.empty();
              case AnswerSchema.Checked.DoesNotFit bad -> Optional.of(bad.problem());
            });
  }

  /** Files that were written one by one take the place of the answer as the target file. */
  private static AgentResult completed(Completed answer, List<ResultFile> written) {
    return written.isEmpty() ? answer : new Completed(answer.text(), written, answer.model());
  }

  @Override
  public void close() {
    model.close();
  }
}
