package dev.millrace.standalone.embedded;

import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine's PostgreSQL programs.
 *
 * @param bin the folder with {@code postgres}, {@code initdb} and {@code psql}
 * @param major the major version, such as 15
 */
public record PostgresBinaries(Path bin, int major) {
  private static final int OLDEST = 15;
  private static final Path DEBIAN_ROOT = Path.of("/usr/lib/postgresql");
  private static final Pattern VERSION = Pattern.compile("PostgreSQL\\) (\\d+)");

  /**
   * As {@link #find()}, but the version that wrote the data, where it is installed.
   *
   * @param writtenBy major version
   */
  static PostgresBinaries find(OptionalInt writtenBy) throws IOException {
    return writtenBy.isEmpty()
        ? find()
        : inDebianFolders()
            .filter(found -> found.major() == writtenBy.getAsInt())
            .findFirst()
            .orElseGet(PostgresBinaries::find);
  }

  /**
   * The newest version in the distribution's folders, else the one in PATH.
   *
   * @throws StackException when there is none that is new enough
   */
  public static PostgresBinaries find() {
    try {
      return inDebianFolders()
          .max(Comparator.comparingInt(PostgresBinaries::major))
          .or(PostgresBinaries::inPath)
          .orElseThrow(() ->
              new StackException(
                  "PostgreSQL %d or newer is not installed; run ./millrace setup"
                      .formatted(OLDEST)));
    } catch (IOException e) {
      throw new StackException(
          "the machine's PostgreSQL cannot be looked up: " + FileFailures.reason(e), e);
    }
  }

  String program(String name) {
    return bin.resolve(name).toString();
  }

  private static Stream<PostgresBinaries> inDebianFolders() throws IOException {
    if (!Files.isDirectory(DEBIAN_ROOT)) {
      return Stream.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN_ROOT)) {
      return versions
          .filter(folder -> folder.getFileName().toString().matches("\\d+"))
          .map(folder ->
              new PostgresBinaries(
                  folder.resolve("bin"), Integer.parseInt(folder.getFileName().toString())))
          .filter(PostgresBinaries::isUsable)
          .toList()
          .stream();
    }
  }

  private static Optional<PostgresBinaries> inPath() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(java.io.File.pathSeparator, -1))
        .map(Path::of)
        .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
        .flatMap(folder -> ofFolder(folder).stream())
        .filter(PostgresBinaries::isUsable)
        .findFirst();
  }

  private static Optional<PostgresBinaries> ofFolder(Path folder) {
    try {
      Path bin = folder.resolve("postgres").toRealPath().resolveSibling("");
      String version =
          Commands.run(
                  SystemUser.self(),
                  Path.of("/"),
                  java.util.List.of(bin + "/postgres", "--version"))
              .output();
      Matcher matcher = VERSION.matcher(version);
      return matcher.find()
          ? Optional.of(new PostgresBinaries(bin, Integer.parseInt(matcher.group(1))))
          : Optional.empty();
    } catch (IOException notRunnable) {
      return Optional.empty();
    }
  }

  private boolean isUsable() {
    return major >= OLDEST
        && Files.isExecutable(bin.resolve("postgres"))
        && Files.isExecutable(bin.resolve("initdb"))
        && Files.isExecutable(bin.resolve("psql"));
  }
}
