package dev.millrace.standalone.command;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.StackException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Date;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code millrace token}: a signed token for one user of the gateway's API. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Print a JWT for a user, signed with the key of the data directory.",
    footer = {
      "",
      "  curl -H \"Authorization: Bearer $(./millrace token --user ada)\" \\",
      "    http://localhost:8080/orchestrator/status"
    })
public final class TokenCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Option(names = "--user", required = true, paramLabel = "ID", description = "The user's id.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String user;

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      defaultValue = "PT12H",
      converter = Ttl.class,
      description = "How long it is valid, as an ISO duration (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Duration ttl;

  /** Reads how long a token is valid. */
  static final class Ttl implements ITypeConverter<Duration> {
    private static final Duration LONGEST = Duration.ofDays(3_650);

    @Override
    public Duration convert(String text) {
      try {
        Duration ttl = Duration.parse(text);
        if (ttl.isPositive() && ttl.compareTo(LONGEST) <= 0) {
          return ttl;
        }
      } catch (DateTimeParseException _) {
        // Said below.
      }
      throw new TypeConversionException(
          "expected a duration of at most 3650 days, such as PT12H or P30D, found '" + text + "'");
    }
  }

  @Override
  public Integer call() {
    if (user.isBlank()) {
      throw new StackException("--user: expected the id of a user, found none");
    }
    Credentials credentials = Credentials.load(data.path);
    System.out.println(sign(user, ttl, credentials.get(Credentials.JWT_SECRET)));
    return 0;
  }

  /** A token that says who the user is, until it expires. */
  public static String sign(String user, Duration ttl, String secret) {
    Instant now = Instant.now();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .subject(user)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(ttl)))
                .build());
    try {
      token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      throw new StackException(
          "MILLRACE_JWT_SECRET cannot sign: it needs at least 32 characters", e);
    }
    return token.serialize();
  }
}
