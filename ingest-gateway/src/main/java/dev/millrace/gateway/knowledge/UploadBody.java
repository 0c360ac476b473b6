package dev.millrace.gateway.knowledge;

import dev.millrace.gateway.http.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

/**
 * The file that somebody uploads, as a body or in a form, with what stands beside it.
 *
 * @param mediaType what the sender says that it is; empty if it says nothing
 * @param fileName in a form: its name, without a folder
 * @param fields the other fields of a form
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record UploadBody(
    byte[] file, String mediaType, Optional<String> fileName, Map<String, String> fields) {

  private static final String MULTIPART = "multipart/form-data";
  private static final String NOT_ONE_FILE = "expected a form with one file, found ";

  UploadBody {
    fields = Map.copyOf(fields);
  }

  /**
   * The file that a body is, or that it has in it if it is a form.
   *
   * @throws ProblemException 400 if it is a form that is broken, or does not have one file
   */
  static UploadBody read(String contentType, byte[] body) {
    if (!contentType.regionMatches(true, 0, MULTIPART, 0, MULTIPART.length())) {
      return new UploadBody(body, contentType, Optional.empty(), Map.of());
    }
    try {
      return parse(new FileUpload().getItemIterator(new Body(contentType, body)));
    } catch (FileUploadException | IOException e) {
      throw ProblemException.invalid("/", NOT_ONE_FILE + "one that is broken: " + e.getMessage());
    }
  }

  private static UploadBody parse(FileItemIterator parts) throws FileUploadException, IOException {
    Map<String, String> fields = new HashMap<>();
    UploadBody file = null;
    while (parts.hasNext()) {
      FileItemStream part = parts.next();
      byte[] content = part.openStream().readAllBytes();
      if (part.isFormField()) {
        fields.put(part.getFieldName(), new String(content, StandardCharsets.UTF_8));
      } else if (file == null) {
        file = new UploadBody(content, mediaType(part), fileName(part), Map.of());
      } else {
        throw ProblemException.invalid("/", NOT_ONE_FILE + "several");
      }
    }
    if (file == null) {
      throw ProblemException.invalid("/", NOT_ONE_FILE + "none");
    }
    return new UploadBody(file.file, file.mediaType, file.fileName, fields);
  }

  private static String mediaType(FileItemStream part) {
    String mediaType = part.getContentType();
    return mediaType == null ? "" : mediaType.strip();
  }

  /** Some clients send the path that the file had on their disk. */
  private static Optional<String> fileName(FileItemStream part) {
    return Optional.ofNullable(part.getName())
        .map(name -> name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1))
        .filter(name -> !name.isEmpty());
  }

  /** A body that has been read, as the parser of forms wants it. */
  private record Body(String contentType, byte[] content) implements UploadContext {

    @Override
    public String getContentType() {
      return contentType;
    }

    @Override
    public long contentLength() {
      return content.length;
    }

    @Override
    @Deprecated
    public int getContentLength() {
      return content.length;
    }

    @Override
    public @Nullable String getCharacterEncoding() {
      return StandardCharsets.UTF_8.name();
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(content);
    }
  }
}
