package dev.millrace.gateway.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.PointInTime;
import dev.millrace.gateway.http.ProblemException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Where a page of a list ended; clients pass it on unread.
 *
 * @param parts what tells the last row of the page
 */
public record Cursor(List<String> parts) {

  private static final String PARAMETER = "cursor";
  private static final String SEPARATOR = "|";

  public Cursor {
    parts = List.copyOf(parts);
  }

  /** The cursor of a call, if it has one. */
  public static Optional<Cursor> of(Call call, int size) {
    return call.query(PARAMETER).map(text -> parse(text, size));
  }

  private static Cursor parse(String text, int size) {
    try {
      String decoded = new String(Base64.getUrlDecoder().decode(text), UTF_8);
      List<String> parts = List.of(decoded.split("\\|", size));
      if (parts.size() == size) {
        return new Cursor(parts);
      }
    } catch (IllegalArgumentException e) {
      throw notOurs();
    }
    throw notOurs();
  }

  /** The cursor of a call whose rows are numbered. */
  public static Optional<Long> number(Call call) {
    try {
      return of(call, 1).map(cursor -> Long.valueOf(cursor.parts().getFirst()));
    } catch (NumberFormatException e) {
      throw notOurs();
    }
  }

  /** 400: the cursor does not come from a page before. */
  public static ProblemException notOurs() {
    return ProblemException.invalid(PARAMETER, "expected next_cursor of a page before");
  }

  /** A part that is a time, or {@code infinity}: a timestamp of Postgres either way. */
  public String time(int part) {
    String text = parts.get(part);
    if (text.equals("infinity")) {
      return text;
    }
    try {
      return PointInTime.parse(PARAMETER, text).toString();
    } catch (ProblemException e) {
      throw notOurs();
    }
  }

  /** The cursor as clients see it. */
  public String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(String.join(SEPARATOR, parts).getBytes(UTF_8));
  }
}
