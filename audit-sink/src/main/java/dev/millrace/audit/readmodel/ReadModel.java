package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One table that is derived from events. It gathers the changes of one batch, those of one row
 * coalesced, and writes them with one statement, ordered by key so that two sinks lock rows in the
 * same order. Events of one partition come in order, those of different topics in any.
 */
interface ReadModel {

  /** Takes in what an event changes, if anything. */
  void add(MirrorRow event);

  /**
   * Whether it takes in events that came of a replay. Those would turn a state back; what is kept
   * once by its identity is neither lost nor doubled.
   */
  default boolean takesReplays() {
    return false;
  }

  /** Writes what was gathered, in the transaction of the mirror. */
  void write(Connection connection) throws SQLException;
}
