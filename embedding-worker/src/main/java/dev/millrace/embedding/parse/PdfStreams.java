package dev.millrace.embedding.parse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;

/**
 * Counts what the compressed streams of a PDF unpack to, before a parser unpacks them into memory:
 * a few megabytes can be thousands of times as much. Streams may be packed twice and more.
 */
final class PdfStreams implements RichDocumentParser.Check {

  private static final byte[] START = "stream".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MAX_LAYERS = 4;

  private final long maxBytes;

  /**
   * @param maxBytes that all streams together may unpack to
   */
  PdfStreams(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void accept(byte[] content) {
    long remaining = maxBytes;
    for (int i = 0; i < content.length - START.length; i++) {
      if (content[i] == START[0]
          && Arrays.equals(content, i, i + START.length, START, 0, START.length)) {
        int data = i + START.length;
        while (data < content.length && (content[data] == '\r' || content[data] == '\n')) {
          data++;
        }
        remaining -= unpackedBytes(content, data, remaining);
        if (remaining < 0) {
          throw new UnparsableException(
              "expected a PDF that unpacks to at most %d bytes, found more".formatted(maxBytes));
        }
      }
    }
  }

  /** Bytes of all layers of a stream; counted no further than just above the limit. */
  private static long unpackedBytes(byte[] content, int start, long limit) {
    long bytes = 0;
    for (int layers = 1; layers <= MAX_LAYERS && bytes <= limit; layers++) {
      try (InputStream packed = unpack(content, start, layers - 1)) {
        if (!isPacked(packed.readNBytes(2))) {
          return bytes;
        }
      } catch (IOException e) {
        return bytes; // what is broken ends here for the parser as well
      }
      bytes += count(content, start, layers, limit - bytes);
    }
    return bytes;
  }

  private static InputStream unpack(byte[] content, int start, int layers) {
    InputStream stream = new ByteArrayInputStream(content, start, content.length - start);
    for (int i = 0; i < layers; i++) {
      stream = new InflaterInputStream(stream);
    }
    return stream;
  }

  private static long count(byte[] content, int start, int layers, long limit) {
    long bytes = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream stream = unpack(content, start, layers)) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        bytes += read;
        if (bytes > limit) {
          return bytes;
        }
      }
    } catch (IOException e) {
      return bytes;
    }
    return bytes;
  }

  /** The header of a zlib stream, RFC 1950. */
  private static boolean isPacked(byte[] header) {
    return header.length == 2
        && (header[0] & 0x0f) == 8
        && (((header[0] & 0xff) << 8) | (header[1] & 0xff)) % 31 == 0;
  }
}
