package dev.millrace.standalone.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The secrets of one data directory, created on its first start and kept in a file of {@code
 * NAME=value} lines that only its owner can read, and that a shell can source. Values that are made
 * here are URL-safe Base64 of 32 random bytes, so that they need no quoting in a shell, a URL or
 * SQL; those that a site gives are quoted as a shell needs it.
 *
 * @param values from variable name to secret, in the order of the file
 */
public record Credentials(Map<String, String> values) {
  public static final String WEBHOOK_SECRET = "GITHUB_WEBHOOK_SECRET";
  public static final String JAVARI_API_KEY = "JAVARI_INTERNAL_API_KEY";
  public static final String API_KEY = "MILLRACE_API_KEY";
  public static final String JWT_SECRET = "MILLRACE_JWT_SECRET";
  public static final String DATABASE_PASSWORD = "DATABASE_PASSWORD";
  public static final String ANALYST_PASSWORD = "MILLRACE_ANALYST_PASSWORD";

  /** Name of the file in a data directory. */
  static final String FILE = "credentials.env";

  private static final List<String> NAMES =
      List.of(
          WEBHOOK_SECRET, JAVARI_API_KEY, API_KEY, JWT_SECRET, DATABASE_PASSWORD, ANALYST_PASSWORD);
  private static final List<String> OF_THE_GATEWAY =
      List.of(WEBHOOK_SECRET, JAVARI_API_KEY, API_KEY, JWT_SECRET);
  private static final int SECRET_BYTES = 32;

  /** What a shell takes as it stands. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]*");

  private static final String QUOTE = "'";

  /** Ends the quotes, gives one that is escaped, and begins them again. */
  private static final String QUOTE_WITHIN = "'\\''";

  public Credentials {
    values = Map.copyOf(values);
  }

  /**
   * The secret of that name.
   *
   * @throws StackException when the credentials file has no such line
   */
  public String get(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new StackException("credentials.env has no line for " + name);
    }
    return value;
  }

  /** Names only: secrets never reach a log. */
  @Override
  public String toString() {
    return "Credentials" + values.keySet();
  }

  /**
   * The credentials of a data directory.
   *
   * @throws StackException when it has none yet, or they cannot be read
   */
  public static Credentials load(Path dataDirectory) {
    Path file = dataDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      throw new StackException(
          "there are no credentials in %s yet; the first ./millrace up makes them"
              .formatted(dataDirectory));
    }
    try {
      return new Credentials(read(file));
    } catch (IOException e) {
      throw new StackException(
          "the credentials in %s cannot be read: %s".formatted(file, FileFailures.reason(e)), e);
    }
  }

  /**
   * The secrets of a gateway that are known, by variable: those that are given, before those of a
   * data directory, which need not have any.
   */
  public static Map<String, String> ofGateway(Path dataDirectory, Map<String, String> given) {
    Map<String, String> known = new LinkedHashMap<>();
    if (Files.exists(dataDirectory.resolve(FILE))) {
      known.putAll(load(dataDirectory).values());
    }
    known.keySet().retainAll(OF_THE_GATEWAY);
    known.putAll(ofGateway(given));
    return known;
  }

  private static Map<String, String> ofGateway(Map<String, String> given) {
    Map<String, String> known = new LinkedHashMap<>();
    for (String name : OF_THE_GATEWAY) {
      String value = given.getOrDefault(name, "");
      if (value.contains("\n") || value.contains("\r")) {
        throw new StackException(name + ": expected one line without its end, found more");
      }
      if (!value.isBlank()) {
        known.put(name, value);
      }
    }
    return known;
  }

  /**
   * Reads the file; creates it, or the lines it lacks, with new secrets. Those that are given take
   * the place of those in the file, so that all commands have the same ones; the passwords of the
   * databases stay what they were set up with.
   */
  static Credentials loadOrCreate(Path file, Map<String, String> given) throws IOException {
    Map<String, String> before = Files.exists(file) ? read(file) : Map.of();
    Map<String, String> values = new LinkedHashMap<>(before);
    values.putAll(ofGateway(given));
    var random = new SecureRandom();
    NAMES.forEach(name -> values.computeIfAbsent(name, missing -> secret(random)));
    if (!values.equals(before)) {
      write(file, values);
    }
    return new Credentials(values);
  }

  private static Map<String, String> read(Path file) throws IOException {
    var values = new LinkedHashMap<String, String>();
    for (String line : lines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        values.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String quoted(String value) {
    return PLAIN.matcher(value).matches()
        ? value
        : QUOTE + value.replace(QUOTE, QUOTE_WITHIN) + QUOTE;
  }

  private static String unquoted(String text) {
    return text.length() > 1 && text.startsWith(QUOTE) && text.endsWith(QUOTE)
        ? text.substring(1, text.length() - 1).replace(QUOTE_WITHIN, QUOTE)
        : text;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file, UTF_8);
    } catch (CharacterCodingException e) {
      throw new StackException(
          "expected lines of NAME=value in %s, found what is no text; put a copy of it back, the"
                  .formatted(file)
              + " databases are set up with its passwords",
          e);
    }
  }

  private static String secret(SecureRandom random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The file is never readable by others, not even while it is written. */
  private static void write(Path file, Map<String, String> values) throws IOException {
    var text = new StringBuilder("# Created on the first start. Keep it to yourself.\n");
    values.forEach(
        (name, value) -> text.append(name).append('=').append(quoted(value)).append('\n'));
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, text, UTF_8);
    Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
