package dev.millrace.audit.replay;

import dev.millrace.runtime.failure.Texts;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What Postgres says against a statement, in words that hold no data: a condition could have values
 * of rows put into the text of an error, and errors of replays are read by more than analysts.
 */
final class Refusal {

  /** Classes of SQLSTATE that pass: connection, rollback, resources, locks, operators, system. */
  private static final Set<String> PASSING = Set.of("", "08", "40", "53", "55", "57", "58", "XX");

  private static final String QUERY_CANCELED = "57014";
  private static final String DATA_EXCEPTION = "22";
  private static final int MAX_LENGTH = 200;

  private Refusal() {}

  /** Whether the statement itself is refused; anything else may go well later. */
  static boolean isOfTheStatement(SQLException e) {
    return state(e).equals(QUERY_CANCELED) || !PASSING.contains(category(e));
  }

  /** Why, of a statement that ran: without what may come from rows. */
  static String reason(SQLException e) {
    if (state(e).equals(QUERY_CANCELED)) {
      return "it took longer than " + MirrorReads.STATEMENT_TIMEOUT;
    }
    String text = message(e);
    if (category(e).equals(DATA_EXCEPTION)) {
      text = text.replaceFirst(": .*", "");
    }
    return "%s (SQLSTATE %s)"
        .formatted(Texts.shorten(text.replaceAll("\".*\"", "\"...\""), MAX_LENGTH), state(e));
  }

  /** Why, of a statement that was only parsed: what it names is from its own text. */
  static String ofParsing(SQLException e) {
    return Texts.shorten(message(e), MAX_LENGTH);
  }

  private static String message(SQLException e) {
    ServerErrorMessage server =
        e instanceof PSQLException answer ? answer.getServerErrorMessage() : null;
    String text = server == null ? e.getMessage() : server.getMessage();
    return Objects.requireNonNullElse(text, "no reason given").replaceAll("\\s+", " ").strip();
  }

  private static String category(SQLException e) {
    String state = state(e);
    return state.substring(0, Math.min(2, state.length()));
  }

  private static String state(SQLException e) {
    return Objects.requireNonNullElse(e.getSQLState(), "");
  }
}
