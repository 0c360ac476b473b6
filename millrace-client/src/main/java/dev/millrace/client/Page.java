package dev.millrace.client;

import java.util.List;
import java.util.Optional;

/**
 * A page of a list.
 *
 * @param next what to ask for the next page with; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {

  public Page {
    items = List.copyOf(items);
  }
}
