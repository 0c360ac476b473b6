package dev.millrace.router.queue;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Who takes turns in a line. The tasks of nobody in particular are those of one tenant as well. */
public record Tenant(String name) {

  /** Of tasks that name none. */
  public static final Tenant NONE = new Tenant("");

  /**
   * Of tasks that were moved to the front by hand: they are served before those of all tenants. No
   * tenant can be called so.
   */
  public static final Tenant FIRST = new Tenant("\u0002");

  public Tenant {
    requireNonNull(name, "name");
  }

  /** The tenant that a request names, or none. */
  public static Tenant of(@Nullable String name) {
    return name == null || name.isBlank() ? NONE : new Tenant(name);
  }

  /** Whether it is {@link #NONE}. */
  public boolean isNone() {
    return name.isEmpty();
  }

  @Override
  public String toString() {
    return name;
  }
}
