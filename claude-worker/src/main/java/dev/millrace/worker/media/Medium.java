package dev.millrace.worker.media;

import java.util.Locale;

/** What is made for a shot. */
public enum Medium {
  /** Its first picture. */
  IMAGE,
  /** The picture in motion. */
  CLIP;

  /** Its name in results and tables: {@code image}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
