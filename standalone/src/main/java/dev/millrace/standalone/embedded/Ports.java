package dev.millrace.standalone.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The loopback ports of the stack. They are chosen on a data directory's first start and remembered
 * there, so that clients find everything again after a restart.
 *
 * @param kafka the broker's listener for clients
 * @param kafkaController the broker's listener for its own controller
 * @param registry the schema registry's HTTP port
 * @param postgres PostgreSQL's TCP port
 */
public record Ports(int kafka, int kafkaController, int registry, int postgres) {
  /** In {@link #loadOrChoose}, a port the stack may choose itself. */
  public static final int ANY = 0;

  /** Every port chosen by the stack. */
  public static final Ports ALL_CHOSEN = new Ports(ANY, ANY, ANY, ANY);

  /** Below the range that operating systems give to outgoing connections (from 32768 up). */
  private static final int FIRST_CHOICE = 20_000;

  private static final int LAST_CHOICE = 32_000;
  private static final int MAX_TRIES = 1_000;
  private static final int MAX_PORT = 65_535;
  private static final Pattern PORT = Pattern.compile("\\d{1,5}");
  private static final Duration LEFT_OVER_LIMIT = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(50);

  /**
   * Reads the remembered ports; asked-for ports win over them, and what is still open is chosen
   * among the free ones. The result is remembered.
   */
  static Ports loadOrChoose(Path file, Ports asked) throws IOException {
    Ports remembered = load(file);
    var taken = new HashSet<Integer>();
    var ports =
        new Ports(
            port(asked.kafka, remembered.kafka, taken),
            port(asked.kafkaController, remembered.kafkaController, taken),
            port(asked.registry, remembered.registry, taken),
            port(asked.postgres, remembered.postgres, taken));
    if (!ports.equals(remembered)) {
      ports.save(file);
    }
    return ports;
  }

  private static Ports load(Path file) throws IOException {
    if (!Files.exists(file)) {
      return ALL_CHOSEN;
    }
    var lines = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      lines.load(reader);
    }
    return new Ports(
        line(lines, "kafka", file),
        line(lines, "kafka.controller", file),
        line(lines, "registry", file),
        line(lines, "postgres", file));
  }

  private static int line(Properties lines, String name, Path file) {
    String text = lines.getProperty(name, Integer.toString(ANY)).strip();
    if (!PORT.matcher(text).matches() || Integer.parseInt(text) > MAX_PORT) {
      throw new StackException(
          "expected a port from 0 to %d for %s in %s, found '%s'; without the line, one is chosen"
              .formatted(MAX_PORT, name, file, text));
    }
    return Integer.parseInt(text);
  }

  private static int port(int asked, int remembered, Set<Integer> taken) {
    int port = asked != ANY ? asked : remembered;
    if (port == ANY) {
      port = choose(taken);
    }
    taken.add(port);
    return port;
  }

  private static int choose(Set<Integer> taken) {
    var random = new Random();
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      int port = random.nextInt(FIRST_CHOICE, LAST_CHOICE);
      if (!taken.contains(port) && isFree(port)) {
        return port;
      }
    }
    throw new StackException(
        "no free port was found between " + FIRST_CHOICE + " and " + LAST_CHOICE);
  }

  /**
   * Looks before anything is started.
   *
   * @throws StackException when another process listens on one of the ports
   */
  void requireFree() {
    requireFree(kafka, "Kafka");
    requireFree(kafkaController, "Kafka's controller");
    requireFree(registry, "the schema registry");
    requireFree(postgres, "PostgreSQL");
  }

  /**
   * Fails with a sentence that names the port and whose it is. Waits a little first: when the last
   * run was killed, what it left is just about to end.
   *
   * @throws StackException when another process listens on the port
   */
  static void requireFree(int port, String owner) {
    long deadline = System.nanoTime() + LEFT_OVER_LIMIT.toNanos();
    while (!isFree(port) && System.nanoTime() < deadline) {
      Pause.of(POLL);
    }
    if (!isFree(port)) {
      throw new StackException(
          "port %d of %s is taken by another process; stop that process, or take the line of the"
                  .formatted(port, owner)
              + " port out of ports.properties in the data directory, and another is chosen");
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private void save(Path file) throws IOException {
    var properties = new Properties();
    properties.setProperty("kafka", Integer.toString(kafka));
    properties.setProperty("kafka.controller", Integer.toString(kafkaController));
    properties.setProperty("registry", Integer.toString(registry));
    properties.setProperty("postgres", Integer.toString(postgres));
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (Writer writer = Files.newBufferedWriter(draft)) {
      properties.store(writer, "Remembered so that clients reconnect after a restart");
    }
    // In one step: a full disk leaves the file that was.
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
