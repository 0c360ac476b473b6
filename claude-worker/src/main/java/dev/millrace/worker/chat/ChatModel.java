package dev.millrace.worker.chat;

import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.prompt.Prompt;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A model behind some provider's API. It is used by many threads at once. */
public interface ChatModel extends AutoCloseable {

  Provider provider();

  /** What is asked, and where, for the log: {@code claude-1 at Anthropic}. */
  String label();

  /** Begins a conversation in which the model may call these tools. */
  Conversation begin(Prompt prompt, List<ToolSpec> tools);

  @Override
  void close();

  /** A conversation with a model, for one thread. */
  interface Conversation {

    /**
     * Asks for the next message. What it says is logged as it arrives, and what the call used is
     * reported, also when it breaks off: that is paid for as well.
     */
    Reply next(RunReporter reporter) throws InterruptedException;

    /**
     * Sends the last message back: it is no good.
     *
     * @param answer what the model said
     * @param complaint what is wrong with it, and what is wanted
     */
    void reject(String answer, String complaint);

    /** Gives the results of all calls of the last message. */
    void answer(List<ToolResult> results);
  }

  /** What a model answers. */
  sealed interface Reply {

    /** Its answer. */
    record Said(String text, String model) implements Reply {}

    /** It calls tools, and waits for their results. */
    record Calls(List<Call> calls) implements Reply {

      public Calls {
        calls = List.copyOf(calls);
      }
    }

    /** It gave no answer. */
    record Broke(AgentFailure failure) implements Reply {}
  }

  /**
   * A call of a tool.
   *
   * @param id the provider's name of the call
   * @param arguments as the model gave them: meant to be a JSON object
   */
  record Call(String id, String name, String arguments) {}

  /** What a tool answered. */
  record ToolResult(String callId, String content, boolean succeeded) {}

  /**
   * A tool that a model may call. All of its parameters are texts that it must give.
   *
   * @param parameters what each parameter is, by its name
   */
  record ToolSpec(String name, String description, Map<String, String> parameters) {

    public ToolSpec {
      parameters = Map.copyOf(parameters);
    }

    /** The JSON Schema of each parameter, by its name, in the order of the names. */
    public Map<String, Map<String, String>> properties() {
      Map<String, Map<String, String>> schemas = new TreeMap<>();
      parameters.forEach(
          (parameter, is) -> schemas.put(parameter, Map.of("type", "string", "description", is)));
      return schemas;
    }

    /** Names of the parameters that must be given, in their order. */
    public List<String> required() {
      return List.copyOf(new TreeSet<>(parameters.keySet()));
    }
  }
}
