package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.StorableText;
import dev.millrace.schemas.document.DocumentChange;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A file that a client sends: as the body of a request, or in a form as browsers do. */
public final class Upload {

  /** What fits a Kafka record, with room for what stands beside it. */
  private static final int MAX_BYTES = 7 << 20;

  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}/\\\\]{1,200}");

  /** What clients say that do not know what they send; the name tells. */
  private static final Set<String> UNSAID =
      Set.of("", "application/octet-stream", "application/x-www-form-urlencoded");

  private final Call call;
  private final UploadBody body;
  private final String name;

  private Upload(Call call, UploadBody body) {
    this.call = call;
    this.body = body;
    this.name =
        field("name")
            .or(body::fileName)
            .orElseThrow(() ->
                ProblemException.invalid(
                    "name", "is required: ?name= of the address, or the file's name in a form"));
    if (!NAME.matcher(name).matches()) {
      throw ProblemException.invalid("name", "expected a file name of 1 to 200 characters");
    }
    if (body.file().length == 0) {
      throw ProblemException.invalid("/", "expected a file, found an empty one");
    }
  }

  /**
   * The file that a request brings.
   *
   * @throws ProblemException 400 if there is none, or it has no name; 413 if it is too large
   */
  public static Upload of(Call call) {
    return new Upload(
        call,
        UploadBody.read(call.header("Content-Type").orElse("").strip(), call.body(MAX_BYTES)));
  }

  /** Its name, without a folder. */
  public String name() {
    return name;
  }

  /**
   * What the sender says of it in the address, or else in the form; a blank text says nothing.
   *
   * @throws ProblemException 400 if Postgres cannot hold it
   */
  public Optional<String> field(String field) {
    return call.query(field).or(() -> inForm(field));
  }

  private Optional<String> inForm(String field) {
    Optional<String> value =
        Optional.ofNullable(body.fields().get(field)).filter(text -> !text.isBlank());
    value.ifPresent(text -> StorableText.require(field, text));
    return value;
  }

  /** The change that it is; the same name again replaces the document. */
  public DocumentChange.Builder change() {
    String mediaType = body.mediaType();
    return DocumentChange.newBuilder()
        .setDocumentUri("upload://" + name.replace(' ', '_'))
        .setTitle(field("title").orElse(name))
        .setCategory(field("category").orElse(null))
        .setContentBytes(ByteBuffer.wrap(body.file()))
        .setContentType(UNSAID.contains(mediaType) ? null : mediaType);
  }
}
