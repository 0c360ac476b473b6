package dev.millrace.runtime.config;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes as people write them. */
public final class ByteSizes {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(B|KB|MB|GB)");

  private ByteSizes() {}

  /** The bytes of {@code 512B}, {@code 64KB}, {@code 25MB} or {@code 1GB}; none of other texts. */
  public static OptionalLong parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return OptionalLong.of(
        switch (matcher.group(2)) {
          case "B" -> amount;
          case "KB" -> amount << 10;
          case "MB" -> amount << 20;
          default -> amount << 30;
        });
  }
}
