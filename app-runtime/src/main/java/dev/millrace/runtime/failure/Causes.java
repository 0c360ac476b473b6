package dev.millrace.runtime.failure;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what caused a failure. */
public final class Causes {

  private static final String OWN = "dev.millrace.";

  private Causes() {}

  /** What a wrapper such as an {@code ExecutionException} wraps; itself when it wraps nothing. */
  public static Throwable unwrap(Throwable wrapper) {
    Throwable cause = wrapper.getCause();
    return cause == null ? wrapper : cause;
  }

  /** A failure, what caused it, what caused that, and so on. */
  public static Stream<Throwable> of(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  /** The first among a failure and its causes that is of a kind. */
  public static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> kind) {
    return of(failure).filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /**
   * What a failure says to people: the message of the first exception of Millrace's own among it
   * and its causes, which says what to check; else that at the bottom. Messages of libraries in
   * between are left out, as some print a statement with its values.
   */
  public static String message(Throwable failure) {
    return of(failure)
        .filter(cause -> cause.getClass().getName().startsWith(OWN) && cause.getMessage() != null)
        .map(cause -> String.valueOf(cause.getMessage()))
        .findFirst()
        .orElseGet(() -> rootMessage(failure));
  }

  /** The message of the failure at the bottom, or its class when it has none. */
  public static String rootMessage(Throwable failure) {
    Throwable root = of(failure).reduce(failure, (_, cause) -> cause);
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }
}
