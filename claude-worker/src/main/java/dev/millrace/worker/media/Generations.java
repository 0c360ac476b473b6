package dev.millrace.worker.media;

import dev.millrace.worker.agent.AgentRun;
import java.net.URI;
import java.util.Map;

/**
 * Remembers generations over runs, workers and restarts, so that none is paid for twice: the intent
 * before the request, the service's id after it. Every method throws {@link
 * dev.millrace.worker.journal.JournalUnavailableException} while it cannot be reached.
 */
public interface Generations {

  /**
   * Which generation of a flow.
   *
   * @param shot number of the shot, from 1
   */
  record Piece(int shot, Medium medium) {}

  /** How a generation stands, as far as is known. */
  sealed interface Standing {

    /**
     * It was to be asked for, and no answer is known.
     *
     * @param approvals approvals that its task had then
     */
    record Intended(int approvals) implements Standing {}

    /** It was asked for, and was paid for. */
    record Submitted(String requestId) implements Standing {}

    /** It is done. */
    record Finished(URI url) implements Standing {}
  }

  /** Where nothing is ever asked for, there is nothing to remember. */
  Generations NONE =
      new Generations() {

        @Override
        public Map<Piece, Standing> of(String flow) {
          return Map.of();
        }

        @Override
        public void intend(String flow, Piece piece, AgentRun run) {
          throw unexpected(piece);
        }

        @Override
        public void submitted(String flow, Piece piece, String requestId) {
          throw unexpected(piece);
        }

        @Override
        public void finished(String flow, Piece piece, URI url) {
          throw unexpected(piece);
        }

        @Override
        public void forget(String flow, Piece piece) {
          throw unexpected(piece);
        }

        private static IllegalStateException unexpected(Piece piece) {
          return new IllegalStateException("no service was to make " + piece);
        }
      };

  /** All of a flow. */
  Map<Piece, Standing> of(String flow);

  void intend(String flow, Piece piece, AgentRun run);

  void submitted(String flow, Piece piece, String requestId);

  void finished(String flow, Piece piece, URI url);

  /** It came to nothing, so that it may be asked for again. */
  void forget(String flow, Piece piece);
}
