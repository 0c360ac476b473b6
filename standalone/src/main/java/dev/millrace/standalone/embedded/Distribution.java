package dev.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the build laid out for running: the unpacked schema registry, and the JVM's ahead-of-time
 * caches that make starts fast.
 *
 * @param root the folder that the build's system property {@code millrace.distribution} names
 */
public record Distribution(Path root) {
  private static final String PROPERTY = "millrace.distribution";

  /**
   * The distribution this JVM was started with.
   *
   * @throws StackException when the system property is missing
   */
  public static Distribution ofThisJvm() {
    String root = System.getProperty(PROPERTY);
    if (root == null) {
      throw new StackException(
          "the system property %s is not set; start Millrace through ./millrace"
              .formatted(PROPERTY));
    }
    return new Distribution(Path.of(root));
  }

  /**
   * The registry's class path. Its own launcher is a class loader that the JVM cannot cache, so the
   * same jars are given as a plain class path; the bytecode its build rewrote comes first.
   */
  List<Path> registryClassPath() {
    Path registry = root.resolve("registry");
    Path quarkus = registry.resolve("quarkus");
    return Stream.of(
            Stream.of(
                quarkus.resolve("transformed-bytecode.jar"),
                quarkus.resolve("generated-bytecode.jar")),
            jars(registry.resolve("app")).stream(),
            jars(registry.resolve("lib/boot")).stream(),
            jars(registry.resolve("lib/main")).stream())
        .flatMap(part -> part)
        .collect(Collectors.toUnmodifiableList());
  }

  /** The registry's ahead-of-time cache, when the build made one. */
  Optional<Path> registryCache() {
    return Optional.of(registryCacheFile()).filter(Files::exists);
  }

  /** Where the build keeps the ahead-of-time cache of the commands that look at a pipeline. */
  public Path commandsCacheFile() {
    return root.resolve("commands.aot");
  }

  Path registryCacheFile() {
    return root.resolve("registry.aot");
  }

  /** Sorted: a cache holds only for the same order of the same jars. */
  private static List<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new StackException(
          "the schema registry is not unpacked in %s; run ./millrace build".formatted(folder), e);
    }
  }
}
