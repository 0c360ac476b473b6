package dev.millrace.schemas.event;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the header {@link EventHeaders#REPLAY_ID} says: the replay, and which effects it may have.
 * It stands on every record that a replay wrote and on everything that follows from one. An effect
 * that is not known is not allowed.
 *
 * @param id identity of the replay
 * @param effects effects that are allowed
 */
public record ReplayMark(String id, Set<Effect> effects) {

  private static final String SEPARATOR = ";effects=";

  public ReplayMark {
    if (id.isBlank() || id.indexOf(';') >= 0) {
      throw new IllegalArgumentException("expected a replay's id without ';', found '" + id + "'");
    }
    effects = Set.copyOf(effects);
  }

  /** Reads a header: {@code ID}, or {@code ID;effects=NAME,NAME}. */
  public static ReplayMark parse(String header) {
    int end = header.indexOf(';');
    String id = end < 0 ? header : header.substring(0, end);
    if (!header.startsWith(SEPARATOR, id.length())) {
      return new ReplayMark(id.isBlank() ? "unknown" : id, Set.of());
    }
    String names = header.substring(id.length() + SEPARATOR.length());
    return new ReplayMark(
        id.isBlank() ? "unknown" : id,
        Arrays.stream(names.split(",", -1))
            .map(Effect::of)
            .flatMap(Optional::stream)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The header. */
  public String header() {
    return effects.isEmpty()
        ? id
        : id
            + SEPARATOR
            + new TreeSet<>(effects).stream().map(Effect::code).collect(Collectors.joining(","));
  }
}
