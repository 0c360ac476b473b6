package dev.millrace.repositories;

import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.patch.FileHeader;
import org.eclipse.jgit.patch.HunkHeader;
import org.eclipse.jgit.patch.Patch;

/**
 * What a change does: a unified diff, from where its branch left the other to its newest commit.
 *
 * @param text the diff; its lines come from files, so they are data
 * @param cut whether it goes on beyond the size that was asked for; it ends with a whole line then
 */
public record Diff(String text, boolean cut) {

  /** The start of a diff. */
  static Diff startOf(byte[] diff, int maxBytes) {
    if (diff.length <= maxBytes) {
      return new Diff(new String(diff, StandardCharsets.UTF_8), false);
    }
    int end = maxBytes;
    while (end > 0 && diff[end - 1] != '\n') {
      end--;
    }
    return new Diff(new String(diff, 0, end, StandardCharsets.UTF_8), true);
  }

  /** Whether a line of a file, as the change leaves it, stands in the diff. */
  public boolean shows(String path, int line) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Patch patch = new Patch();
    patch.parse(bytes, 0, bytes.length);
    return patch.getFiles().stream()
        .filter(file -> file.getNewPath().equals(path))
        .map(FileHeader::getHunks)
        .anyMatch(hunks -> hunks.stream().anyMatch(hunk -> shows(hunk, line)));
  }

  private static boolean shows(HunkHeader hunk, int line) {
    return line >= hunk.getNewStartLine() && line < hunk.getNewStartLine() + hunk.getNewLineCount();
  }
}
