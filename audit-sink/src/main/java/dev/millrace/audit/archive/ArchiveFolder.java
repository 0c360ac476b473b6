package dev.millrace.audit.archive;

import dev.millrace.audit.file.PrivateFiles;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/**
 * The folder archives are in: {@code NAME.copy.gz} with the rows and {@code NAME.json}, which
 * describes them. A file appears under its name only when it is complete and on disk.
 */
public final class ArchiveFolder {

  /** No path: an archive is in this folder. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

  private static final String ROWS = ".copy.gz";
  private static final String DESCRIPTION = ".json";
  private static final String PART = ".part";
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path folder;

  public ArchiveFolder(Path folder) {
    this.folder = folder;
  }

  /** Where the rows of an archive are. */
  public Path rows(String name) {
    return folder.resolve(name + ROWS);
  }

  /** Where an archive is described. */
  public Path description(String name) {
    return folder.resolve(name + DESCRIPTION);
  }

  /**
   * Where rows are written, and on disk once it is closed; they appear under their name with {@link
   * #publish}.
   */
  OutputStream createRows(String name) throws IOException {
    PrivateFiles.createFolder(folder);
    return new Synced(part(rows(name)));
  }

  long unpublishedBytes(String name) throws IOException {
    return Files.size(part(rows(name)));
  }

  /** Reads the rows that were written and are not published yet. */
  InputStream openUnpublished(String name) throws IOException {
    return open(part(rows(name)));
  }

  InputStream openRows(String name) throws IOException {
    return open(rows(name));
  }

  /** Gives rows and description their names. */
  void publish(Archive archive) throws IOException {
    Path description = description(archive.name());
    try (OutputStream out = new Synced(part(description))) {
      out.write(ArchiveJson.of(archive).getBytes(StandardCharsets.UTF_8));
    }
    publish(rows(archive.name()));
    publish(description);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** What the file beside the rows says of an archive. */
  public Archive describe(String name) throws IOException, ArchiveException {
    if (!NAME.matcher(name).matches()) {
      throw new ArchiveException(
          "expected the name of an archive, such as records_20251224, found " + name);
    }
    try {
      return ArchiveJson.parse(name, Files.readString(description(name)));
    } catch (NoSuchFileException e) {
      throw new ArchiveException(
          "there is no archive %s: no description at %s".formatted(name, description(name)));
    }
  }

  /** Forgets what was written of an archive that was not finished. */
  void discardUnpublished(String name) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Files.deleteIfExists(part(rows(name)));
    Files.deleteIfExists(part(description(name)));
  }

  /** A file that is on disk once it is closed. */
  private static final class Synced extends FilterOutputStream {
    private final FileChannel channel;

    Synced(Path file) throws IOException {
      this(
          PrivateFiles.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING));
    }

    private Synced(FileChannel channel) {
      super(Channels.newOutputStream(channel));
      this.channel = channel;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        if (channel.isOpen()) {
          channel.force(true);
        }
      }
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
  }

  private static void publish(Path file) throws IOException {
    Files.move(
        part(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path part(Path file) {
    return file.resolveSibling(file.getFileName() + PART);
  }
}
