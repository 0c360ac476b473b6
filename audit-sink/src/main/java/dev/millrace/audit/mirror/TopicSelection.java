package dev.millrace.audit.mirror;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which topics are mirrored. */
public final class TopicSelection {

  private static final String ASSIGNMENTS = "agent\\.assignments\\.[a-z][a-z0-9-]{0,39}";

  private TopicSelection() {}

  /** Every topic of the catalogue, those of agents still to come too, and what else matches. */
  public static Pattern of(Optional<Pattern> further) {
    String catalogue =
        Topics.all().stream().map(Topic::name).map(Pattern::quote).collect(Collectors.joining("|"));
    String all = catalogue + "|" + ASSIGNMENTS;
    return Pattern.compile(
        further.map(pattern -> all + "|(?:" + pattern.pattern() + ")").orElse(all));
  }
}
