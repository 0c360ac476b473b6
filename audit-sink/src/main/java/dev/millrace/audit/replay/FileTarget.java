package dev.millrace.audit.replay;

import dev.millrace.audit.file.PrivateFiles;
import dev.millrace.audit.stored.StoredRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes records to a file, one JSON object a line. */
final class FileTarget implements RecordTarget {

  private final FileChannel file;

  /**
   * Opens the file where it was complete; what an interrupted replay wrote after that is cut off.
   *
   * @param completeBytes length up to which the replay knows of what it wrote
   */
  FileTarget(Path path, long completeBytes) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      PrivateFiles.createFolder(folder);
    }
    file = PrivateFiles.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (file.size() < completeBytes) {
      file.close();
      throw new IllegalArgumentException(
          "%s: expected the %d bytes this replay wrote, found fewer"
              .formatted(path, completeBytes));
    }
    file.truncate(completeBytes);
    file.position(completeBytes);
  }

  @Override
  public void write(List<StoredRecord> records, ReplayProgress progress) throws IOException {
    for (StoredRecord stored : records) {
      ByteBuffer line =
          ByteBuffer.wrap((RecordJson.line(stored) + '\n').getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        file.write(line);
      }
    }
    file.force(false);
  }

  @Override
  public long fileBytes() {
    try {
      return file.position();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("the file of the replay is gone", e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
