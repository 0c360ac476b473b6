package dev.millrace.embedding.record;

import dev.millrace.embedding.record.RecordResult.Refused;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Says which field a constraint of the tables is about: Postgres names constraints {@code
 * <table>_<column>_check}, and the migrations do likewise.
 */
final class Constraints {

  private static final Pattern NAME =
      Pattern.compile(
          "(?:campaigns|project_campaigns|project_embeddings|project_feedback"
              + "|user_files|user_preferences)_(\\w+?)_(?:check|fkey|unique|key)\\d*");

  private Constraints() {}

  /** Why Postgres refused a statement, if that is because of what it was to write. */
  static Optional<Refused> refusal(JdbiException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException refusal && refusal.getSQLState() != null) {
        return refusal(refusal.getSQLState(), refusal.getServerErrorMessage());
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> refusal(String state, @Nullable ServerErrorMessage said) {
    String field = said == null ? null : field(said);
    return switch (state) {
      case "23505" ->
          Optional.of(new Refused("conflict", field, "another record has the same value"));
      case "23503" -> Optional.of(new Refused("invalid", field, "there is no such record"));
      case "23502" -> Optional.of(new Refused("invalid", field, "is required"));
      case "23514" -> Optional.of(new Refused("invalid", field, "is out of its range"));
      default ->
          state.startsWith("22")
              ? Optional.of(new Refused("invalid", field, message(said)))
              : Optional.empty();
    };
  }

  private static @Nullable String field(ServerErrorMessage said) {
    if (said.getColumn() != null) {
      return said.getColumn();
    }
    String constraint = said.getConstraint();
    if (constraint == null) {
      return null;
    }
    Matcher name = NAME.matcher(constraint);
    return name.matches() ? name.group(1) : null;
  }

  private static String message(@Nullable ServerErrorMessage said) {
    return said == null || said.getMessage() == null ? "is not of its type" : said.getMessage();
  }
}
