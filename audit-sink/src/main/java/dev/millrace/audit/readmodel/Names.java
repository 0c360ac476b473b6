package dev.millrace.audit.readmodel;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of enumerations as analysts write them: in lower case. */
final class Names {

  private Names() {}

  static String of(Enum<?> symbol) {
    return symbol.name().toLowerCase(Locale.ROOT);
  }

  static @Nullable String ofNullable(@Nullable Enum<?> symbol) {
    return symbol == null ? null : of(symbol);
  }
}
