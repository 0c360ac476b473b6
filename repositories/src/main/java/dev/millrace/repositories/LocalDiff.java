package dev.millrace.repositories;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.jspecify.annotations.Nullable;

/** Compares a commit of a local repository with where its branch left another. */
final class LocalDiff {

  private LocalDiff() {}

  /** The diff; of histories that have nothing in common it is everything. */
  static Diff of(Repository git, ObjectId change, ObjectId into, int maxBytes) throws IOException {
    Start start = new Start(maxBytes + 1);
    try (RevWalk walk = new RevWalk(git);
        DiffFormatter formatter = new DiffFormatter(start)) {
      RevCommit base = mergeBase(walk, change, into);
      formatter.setRepository(git);
      formatter.setDetectRenames(true);
      formatter.setBinaryFileThreshold(RepositoryFile.MAX_BYTES);
      formatter.format(
          base == null ? null : base.getTree().getId(), walk.parseTree(change).getId());
      formatter.flush();
    } catch (FullException e) {
      return Diff.startOf(start.bytes(), maxBytes);
    }
    return Diff.startOf(start.bytes(), maxBytes);
  }

  private static @Nullable RevCommit mergeBase(RevWalk walk, ObjectId one, ObjectId other)
      throws IOException {
    walk.setRevFilter(RevFilter.MERGE_BASE);
    walk.markStart(walk.parseCommit(one));
    walk.markStart(walk.parseCommit(other));
    RevCommit base = walk.next();
    return base == null ? null : walk.parseCommit(base);
  }

  /** Keeps the start of what is written to it, and ends the writing when that is full. */
  private static final class Start extends OutputStream {

    private final int size;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Start(int size) {
      this.size = size;
    }

    byte[] bytes() {
      return kept.toByteArray();
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      int fits = Math.min(length, size - kept.size());
      kept.write(bytes, from, fits);
      if (fits < length) {
        throw new FullException();
      }
    }
  }

  /** There is enough of the diff. */
  private static final class FullException extends IOException {

    private static final long serialVersionUID = 1L;

    FullException() {
      super("the diff is longer than what is kept of it");
    }
  }
}
