package dev.millrace.runtime.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Variables that deployments of other orchestrators have, and that nothing here reads. Somebody who
 * brings one along would wait for what it did in vain, so what takes its place is said.
 */
public final class ReplacedVariables {

  private static final List<Replaced> ALL =
      List.of(
          new Replaced("SUPABASE_URL", "DATABASE_URL is the database"),
          new Replaced("NEXT_PUBLIC_SUPABASE_URL", "DATABASE_URL is the database"),
          new Replaced(
              "SUPABASE_SERVICE_ROLE_KEY",
              "DATABASE_PASSWORD opens the database, and a token with the role service_role, signed"
                  + " with MILLRACE_JWT_SECRET, the API"),
          new Replaced("SUPABASE_ANON_KEY", "MILLRACE_API_KEY opens the API"),
          new Replaced("DATABASE_PATH", "DATABASE_URL is the database"),
          new Replaced("EVENT_DIR", "events are on the topics of KAFKA_BOOTSTRAP_SERVERS"),
          new Replaced(
              "PROJECTS_DIR",
              "LOCAL_REPOSITORIES puts repositories on this machine, as owner/name=/path"));

  private record Replaced(String name, String by) {}

  private ReplacedVariables() {}

  /** A sentence for each that is set. */
  public static List<String> found(Environment environment) {
    List<String> sentences = new ArrayList<>();
    for (Replaced variable : ALL) {
      if (environment.optional(variable.name()).isPresent()) {
        sentences.add(
            "%s is set, but nothing reads it here: %s".formatted(variable.name(), variable.by()));
      }
    }
    return sentences;
  }
}
