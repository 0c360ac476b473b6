package dev.millrace.audit.deadletter;

import dev.millrace.schemas.deadletter.DeadLetter;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a letter, as the mirror has it, does not have of the record that it is about. */
public enum Missing {
  NOTHING,
  /** Its value was redacted. */
  VALUE,
  /** It was cut to fit, or more than its value was redacted. */
  RECORD;

  private static final Pattern OF_VALUE = Pattern.compile("\\$\\.value\\b.*");
  private static final Pattern OF_RECORD = Pattern.compile("\\$\\.(key|headers|\\*).*");

  /**
   * What is missing of a letter.
   *
   * @param redacted paths of what was blanked in it, separated by spaces; null when nothing was
   */
  public static Missing of(DeadLetter letter, @Nullable String redacted) {
    List<String> paths = redacted == null ? List.of() : Arrays.asList(redacted.split(" ", -1));
    if (letter.getCut() || paths.stream().anyMatch(path -> OF_RECORD.matcher(path).matches())) {
      return RECORD;
    }
    return paths.stream().anyMatch(path -> OF_VALUE.matcher(path).matches()) ? VALUE : NOTHING;
  }
}
