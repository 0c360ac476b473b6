package dev.millrace.worker.chat;

import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.prompt.Prompt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Answers as a test says, and uses the same at each call. */
final class ScriptedModel implements ChatModel {

  static final TokenUsage USAGE = new TokenUsage("m", 100, 50, 0, 0);

  final Deque<Reply> replies = new ArrayDeque<>();
  final List<ToolResult> results = new ArrayList<>();
  final List<String> complaints = new ArrayList<>();
  final List<Prompt> prompts = new ArrayList<>();
  Reply forever = new Reply.Said("x", "m");

  @Override
  public Provider provider() {
    return Provider.ANTHROPIC;
  }

  @Override
  public String label() {
    return "a script";
  }

  @Override
  public Conversation begin(Prompt prompt, List<ToolSpec> tools) {
    prompts.add(prompt);
    return new Conversation() {
      @Override
      public Reply next(RunReporter reporter) {
        reporter.usage(USAGE);
        return replies.isEmpty() ? forever : replies.remove();
      }

      @Override
      public void reject(String answer, String complaint) {
        complaints.add(complaint);
      }

      @Override
      public void answer(List<ToolResult> answered) {
        results.addAll(answered);
      }
    };
  }

  @Override
  public void close() {}
}
