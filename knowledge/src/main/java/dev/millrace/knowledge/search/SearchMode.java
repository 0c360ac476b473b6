package dev.millrace.knowledge.search;

/** How a search ranks chunks. */
public enum SearchMode {
  /** By the angle between the vectors of question and chunk: finds what means the same. */
  VECTOR,
  /** By the words they share, the rare ones counting most: finds names and codes. */
  TEXT,
  /** By both rankings together. */
  HYBRID
}
