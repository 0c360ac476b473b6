package dev.millrace.audit.partition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long records stay in the mirror, in whole days from the end of their own.
 *
 * @param general for topics that are not named; empty for ever
 * @param byTopic for topics that are
 */
public record Retention(Optional<Duration> general, Map<String, Duration> byTopic) {

  /** Everything stays. */
  public static final Retention FOR_EVER = new Retention(Optional.empty(), Map.of());

  private static final Pattern DAYS = Pattern.compile("([1-9]\\d{0,4})d");

  public Retention {
    byTopic = Map.copyOf(byTopic);
  }

  /**
   * Topics whose records leave the mirror together, and therefore have partitions of their own.
   *
   * @param days their retention, in days
   * @param topics their names, sorted
   */
  public record Group(long days, List<String> topics) {}

  /**
   * Reads a retention.
   *
   * @param text days, as in {@code 30d}
   * @throws IllegalArgumentException if it is something else
   */
  public static Duration parse(String text) {
    Matcher matcher = DAYS.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected days such as 30d, found '" + text + "'");
    }
    return Duration.ofDays(Long.parseLong(matcher.group(1)));
  }

  /** How long the records of a topic stay; empty for ever. */
  public Optional<Duration> of(String topic) {
    return Optional.ofNullable(byTopic.get(topic)).or(() -> general);
  }

  /** The groups of topics that do not stay as long as the rest, the shortest first. */
  List<Group> groups() {
    Map<Long, List<String>> topics = new TreeMap<>();
    byTopic.forEach((topic, stays) -> {
      if (!Optional.of(stays).equals(general)) {
        topics.computeIfAbsent(stays.toDays(), _ -> new ArrayList<>()).add(topic);
      }
    });
    return topics.entrySet().stream()
        .map(entry ->
            new Group(
                entry.getKey(),
                entry.getValue().stream().sorted(Comparator.naturalOrder()).toList()))
        .toList();
  }
}
