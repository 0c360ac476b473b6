package dev.millrace.repositories;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A file that differs between two commits. */
public record ChangedFile(String path, Change change) {

  /** How it differs. */
  public enum Change {
    ADDED,
    MODIFIED,
    REMOVED
  }

  /** Compares two trees, each given as the hash of every file by its path. */
  static List<ChangedFile> between(Map<String, String> from, Map<String, String> to) {
    TreeMap<String, Change> changes = new TreeMap<>();
    from.keySet().forEach(path -> changes.put(path, Change.REMOVED));
    to.forEach((path, hash) -> {
      String before = from.get(path);
      if (before == null) {
        changes.put(path, Change.ADDED);
      } else if (before.equals(hash)) {
        changes.remove(path);
      } else {
        changes.put(path, Change.MODIFIED);
      }
    });
    List<ChangedFile> files = new ArrayList<>(changes.size());
    changes.forEach((path, change) -> files.add(new ChangedFile(path, change)));
    return files;
  }
}
