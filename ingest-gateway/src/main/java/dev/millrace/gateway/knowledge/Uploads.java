package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.schemas.document.DocumentChange;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.regex.Pattern;

/** Files that clients send as the body of a request. */
public final class Uploads {

  /** What fits a Kafka record, with room for what stands beside it. */
  private static final long MAX_BYTES = 7L << 20;

  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}/\\\\]{1,200}");

  /** What clients say that do not know what they send; the name tells. */
  private static final Set<String> UNSAID =
      Set.of("", "application/octet-stream", "application/x-www-form-urlencoded");

  private Uploads() {}

  /** The change that an upload is; the same name again replaces the document. */
  public static DocumentChange.Builder change(Call call) {
    String name =
        call.query("name").orElseThrow(() -> ProblemException.invalid("name", "is required"));
    if (!NAME.matcher(name).matches()) {
      throw ProblemException.invalid("name", "expected a file name of 1 to 200 characters");
    }
    byte[] body = call.body(MAX_BYTES);
    if (body.length == 0) {
      throw ProblemException.invalid("/", "expected a file, found an empty body");
    }
    String mediaType = call.header("Content-Type").orElse("").strip();
    return DocumentChange.newBuilder()
        .setDocumentUri("upload://" + name.replace(' ', '_'))
        .setTitle(call.query("title").orElse(name))
        .setCategory(call.query("category").orElse(null))
        .setContentBytes(ByteBuffer.wrap(body))
        .setContentType(UNSAID.contains(mediaType) ? null : mediaType);
  }
}
