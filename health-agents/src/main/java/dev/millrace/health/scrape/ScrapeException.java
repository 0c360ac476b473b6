package dev.millrace.health.scrape;

/** The metrics of a project could not be read; the message says why, for whoever runs it. */
final class ScrapeException extends Exception {

  private static final long serialVersionUID = 1;

  ScrapeException(String message) {
    super(message);
  }
}
