package dev.millrace.worker.media;

import java.net.URI;

/** How a generation stands. */
sealed interface Progress {

  /** It is under way. */
  record Pending() implements Progress {}

  /** It is done, and can be fetched there for a while. */
  record Made(URI url) implements Progress {}

  /** It came to nothing. */
  record Failed(String reason) implements Progress {}
}
