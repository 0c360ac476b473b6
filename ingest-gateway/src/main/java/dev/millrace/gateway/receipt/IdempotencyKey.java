package dev.millrace.gateway.receipt;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The {@code Idempotency-Key} of a request: the same key and body is the same request. */
public record IdempotencyKey(String value) {

  /** Header of an answer that was given before. */
  public static final Map<String, String> REPLAYED = Map.of("Idempotency-Replayed", "true");

  private static final String HEADER = "Idempotency-Key";
  private static final Pattern VALID = Pattern.compile("[\\x21-\\x7e]{1,128}");

  /**
   * The key of a call, if it has one.
   *
   * @throws ProblemException 400 if it is not valid
   */
  public static Optional<IdempotencyKey> of(Call call) {
    Optional<String> value = call.header(HEADER);
    if (value.isPresent() && !VALID.matcher(value.get()).matches()) {
      throw ProblemException.invalid(HEADER, "expected 1 to 128 visible ASCII characters");
    }
    return value.map(IdempotencyKey::new);
  }

  /** Digest of a body, to tell a repetition from another request. */
  public static String digest(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** 422: another request came under the same key. */
  public static ProblemException reused() {
    return ProblemException.of(
        422,
        "idempotency-key-reused",
        "The idempotency key was used for another request",
        HEADER + ": expected the same body as before, found another; use a new key");
  }
}
