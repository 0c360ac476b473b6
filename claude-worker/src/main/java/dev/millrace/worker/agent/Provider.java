package dev.millrace.worker.agent;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Who answers for an agent. */
public enum Provider {
  /** A Claude model, over Anthropic's API. */
  ANTHROPIC,
  /** A model over OpenAI's API, or one that speaks it. */
  OPENAI,
  /** An endpoint of the site's own. */
  HTTP,
  /** A command, as a process of this machine or in a container. */
  PROCESS,
  /** Services that generate images and clips. */
  MEDIA,
  /** No model: extraction. */
  OFFLINE;

  /** Its name in events and configuration: {@code anthropic}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The provider of this name, if there is one. */
  public static Optional<Provider> find(String code) {
    return Arrays.stream(values()).filter(provider -> provider.code().equals(code)).findFirst();
  }
}
