package dev.millrace.embedding.isolation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.embedding.parse.ParsedDocument;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What goes between the worker and a parser process, on its standard input and output: a document
 * as its media type and its bytes, and the answer as JSON. Each begins with its length.
 */
final class Exchange {

  /** In bytes, of an answer: far more than the text that a document may have. */
  private static final int MAX_ANSWER = 512 << 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(MAX_ANSWER).build())
                  .build())
          .build();

  private Exchange() {}

  /** A document to read. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Question(String mediaType, byte[] content) {}

  /**
   * What became of it: one of both.
   *
   * @param document the document
   * @param refusal why it cannot be read
   */
  record Answer(@Nullable ParsedDocument document, @Nullable String refusal) {}

  static void ask(DataOutputStream out, Question question) throws IOException {
    out.writeUTF(question.mediaType());
    out.writeInt(question.content().length);
    out.write(question.content());
    out.flush();
  }

  /**
   * @throws EOFException if nobody asks any more
   */
  static Question question(DataInputStream in) throws IOException {
    String mediaType = in.readUTF();
    byte[] content = new byte[in.readInt()];
    in.readFully(content);
    return new Question(mediaType, content);
  }

  static void answer(DataOutputStream out, Answer answer) throws IOException {
    byte[] json = JSON.writeValueAsBytes(answer);
    out.writeInt(json.length);
    out.write(json);
    out.flush();
  }

  static Answer answer(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_ANSWER) {
      throw new IOException(
          "expected an answer of at most %d bytes, found %d".formatted(MAX_ANSWER, length));
    }
    byte[] json = new byte[length];
    in.readFully(json);
    return JSON.readValue(json, Answer.class);
  }
}
