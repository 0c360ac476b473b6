package dev.millrace.audit.archive;

import dev.millrace.audit.chain.ArchivedRun;
import dev.millrace.audit.chain.Finding;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What the archives that the mirror knows of contribute to its verification: the runs that stand
 * for dropped rows, of descriptions that are signed, and what does not hold of the files.
 */
public final class ArchiveReview {

  private final List<ArchivedRun> runs = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Archive> believed = new ArrayList<>();

  /**
   * Looks at descriptions.
   *
   * @param key verifies them
   */
  public ArchiveReview(List<ArchiveStore.Known> archives, PublicKey key) {
    for (ArchiveStore.Known known : archives) {
      Archive archive = known.archive();
      if (!archive.isSignedBy(key)) {
        findings.add(
            new Finding(
                "archive " + archive.name(),
                "what the mirror says of it is not signed by the key"));
        continue;
      }
      believed.add(archive);
      if (known.standsForRows()) {
        runs.addAll(archive.runs());
      }
    }
  }

  /** Looks at the files too. */
  public ArchiveReview withFiles(ArchiveCheck check) {
    believed.forEach(archive -> check.check(archive).ifPresent(findings::add));
    return this;
  }

  /** What stands for dropped rows. */
  public List<ArchivedRun> runs() {
    return List.copyOf(runs);
  }

  /** Rows in the archives that are believed. */
  public long rows() {
    return believed.stream().mapToLong(Archive::rows).sum();
  }

  /** What does not hold. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }
}
