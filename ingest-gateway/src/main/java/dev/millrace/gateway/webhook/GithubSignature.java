package dev.millrace.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.redaction.Secret;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of GitHub: {@code sha256=} and the HMAC-SHA-256 of the raw body in hexadecimal.
 * Several secrets are valid at once, so that one can be replaced without losing a delivery; all are
 * tried, and compared in constant time.
 */
public final class GithubSignature {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "sha256=";
  private static final int HEX_LENGTH = 64;

  private final List<Mac> prototypes;

  public GithubSignature(List<Secret> secrets) {
    this.prototypes = secrets.stream().map(GithubSignature::prototype).toList();
  }

  /** Whether the signature is that of the body, under one of the secrets. */
  public boolean matches(byte[] body, String signature) {
    if (!signature.startsWith(PREFIX) || signature.length() != PREFIX.length() + HEX_LENGTH) {
      return false;
    }
    byte[] claimed;
    try {
      claimed = HexFormat.of().parseHex(signature, PREFIX.length(), signature.length());
    } catch (IllegalArgumentException e) {
      return false;
    }
    boolean matches = false;
    for (Mac prototype : prototypes) {
      matches |= MessageDigest.isEqual(copy(prototype).doFinal(body), claimed);
    }
    return matches;
  }

  /** Copying a keyed MAC is cheaper than to key one anew for every delivery. */
  private static Mac copy(Mac prototype) {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the JDK's HMAC can be copied", e);
    }
  }

  private static Mac prototype(Secret secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.reveal().getBytes(UTF_8), ALGORITHM));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }
}
