package dev.millrace.router.circuit;

import static java.util.Objects.requireNonNull;

/** Who answers for agents, as their events name it: {@code anthropic}, {@code openai}, ... */
public record Provider(String name) {

  public Provider {
    requireNonNull(name, "name");
  }

  @Override
  public String toString() {
    return name;
  }
}
