package dev.millrace.health.remedy;

/**
 * What an anomaly means.
 *
 * @param proposal what should be done
 * @param confidence how sure, from 0 to 1
 * @param reasoning why, in words
 * @param analyzer what analysed it: rules, or a model
 */
public record Analysis(Proposal proposal, double confidence, String reasoning, String analyzer) {

  public Analysis {
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException("confidence: expected 0 to 1, found " + confidence);
    }
  }

  /** What should be done. */
  public sealed interface Proposal {

    /** This action. */
    record Act(String action) implements Proposal {}

    /** Nothing: it is enough to watch. */
    record Watch() implements Proposal {}

    /** Nobody here knows: a person must look. */
    record AskPerson() implements Proposal {}
  }
}
