package dev.millrace.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.redaction.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of clients. A candidate is compared with every key by its digest, so that the time tells
 * neither how long a key is, nor where it differs, nor which one came close.
 */
final class ApiKeys {

  private final List<Entry> entries;

  private record Entry(String client, Secret digest) {}

  ApiKeys(Map<String, Secret> keyByClient) {
    this.entries =
        keyByClient.entrySet().stream()
            .map(entry -> new Entry(entry.getKey(), new Secret(digest(entry.getValue().reveal()))))
            .toList();
  }

  /** The client whose key this is. */
  Optional<String> client(String candidate) {
    String digest = digest(candidate);
    Optional<String> found = Optional.empty();
    for (Entry entry : entries) {
      if (entry.digest().matches(digest)) {
        found = Optional.of(entry.client());
      }
    }
    return found;
  }

  private static String digest(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
