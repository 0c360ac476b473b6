package dev.millrace.router.queue;

/** Where a record stands on Kafka. */
public record Position(String topic, int partition, long offset) {

  /** Reads what {@link #toString} wrote. */
  public static Position parse(String text) {
    int lastSlash = text.lastIndexOf('/');
    int firstSlash = text.lastIndexOf('/', lastSlash - 1);
    if (firstSlash < 1) {
      throw new IllegalArgumentException("expected topic/partition/offset, found '" + text + "'");
    }
    return new Position(
        text.substring(0, firstSlash),
        Integer.parseInt(text.substring(firstSlash + 1, lastSlash)),
        Long.parseLong(text.substring(lastSlash + 1)));
  }

  @Override
  public String toString() {
    return topic + '/' + partition + '/' + offset;
  }
}
