package dev.millrace.worker.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.worker.chat.ChatModel.ToolSpec;

/** Something that a model may call in one run. */
public interface Tool {

  ToolSpec spec();

  /**
   * Does a call.
   *
   * @param arguments an object with a text for each parameter of the {@link #spec}
   * @return what the model is told; text of others is fenced
   * @throws ToolFailedException if it cannot be done; the model is told why, and may go on
   */
  String perform(JsonNode arguments) throws ToolFailedException;
}
