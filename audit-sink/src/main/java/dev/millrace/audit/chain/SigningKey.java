package dev.millrace.audit.chain;

import dev.millrace.audit.file.PrivateFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The key pair that checkpoints are signed with, Ed25519, in two PEM files: the private key, which
 * only the sink may read, and beside it the public one, which whoever verifies should keep
 * elsewhere.
 */
public final class SigningKey {

  private static final String ALGORITHM = "Ed25519";
  private static final int ID_BYTES = 8;

  private final PrivateKey privateKey;
  private final String id;

  private SigningKey(PrivateKey privateKey, String id) {
    this.privateKey = privateKey;
    this.id = id;
  }

  /**
   * Reads the key, or makes it.
   *
   * @param file file of the private key; the public one has {@code .pub} behind its name
   */
  public static SigningKey loadOrCreate(Path file) throws IOException {
    Path publicFile = publicFile(file);
    try {
      if (!Files.exists(file)) {
        create(file, publicFile);
      }
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(read(file)));
      return new SigningKey(key, id(publicKey(publicFile)));
    } catch (GeneralSecurityException e) {
      throw new IOException("expected an Ed25519 key in " + file + ": " + e.getMessage(), e);
    }
  }

  private static void create(Path file, Path publicFile)
      throws IOException, GeneralSecurityException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      PrivateFiles.createFolder(folder);
    }
    KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    Files.writeString(publicFile, pem("PUBLIC", pair.getPublic().getEncoded()));
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, pem("PRIVATE", pair.getPrivate().getEncoded()));
  }

  /** Where the public key of a private one is. */
  public static Path publicFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".pub");
  }

  /** Reads a public key. */
  public static PublicKey publicKey(Path file) throws IOException {
    try {
      return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(read(file)));
    } catch (GeneralSecurityException | IllegalArgumentException | CharacterCodingException e) {
      throw new IOException("expected an Ed25519 public key in " + file, e);
    }
  }

  /** First 16 digits of the SHA-256 of a public key. */
  public static String id(PublicKey key) {
    return HexFormat.of().formatHex(sha256(key.getEncoded()), 0, ID_BYTES);
  }

  /** First 16 digits of the SHA-256 of its public key. */
  public String id() {
    return id;
  }

  /** The signature of some bytes, in Base64. */
  public String sign(byte[] content) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(privateKey);
      signature.update(content);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key cannot sign", e);
    }
  }

  /** Whether a signature is that of these bytes. */
  public static boolean isSigned(byte[] content, String signature, PublicKey key) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(content);
      return check.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] read(Path file) throws IOException {
    return Base64.getMimeDecoder()
        .decode(Files.readString(file).replaceAll("-----[A-Z ]+-----", "").strip());
  }

  private static String pem(String kind, byte[] encoded) {
    return "-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n"
        .formatted(
            kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded), kind);
  }
}
