package dev.millrace.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.StorableText;
import dev.millrace.runtime.redaction.Secret;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of users: JWT signed with HS256 and nothing else, with a subject and an expiry. The
 * algorithm is ours to choose, never the token's.
 */
public final class Tokens {

  private static final int MAX_SUBJECT_LENGTH = 128;
  private static final int MAX_TOKEN_LENGTH = 8_192;

  /** In seconds from 1970, before it and after it: what a date can hold. */
  private static final double MAX_TIME = Long.MAX_VALUE / 1_000.0;

  private static final List<String> TIMES = List.of("exp", "nbf", "iat");

  /** What the tokens of Supabase's services have in the claim {@code role}. */
  private static final String SERVICE_ROLE = "service_role";

  /** How far the clock of an issuer may be ahead. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

  private final byte[] secret;
  private final MACVerifier verifier;
  private final Clock clock;

  public Tokens(Secret secret, Clock clock) {
    this.secret = secret.reveal().getBytes(UTF_8);
    this.clock = clock;
    try {
      this.verifier = new MACVerifier(this.secret);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the secret is too short for HS256", e);
    }
  }

  /**
   * Checks a token of a user.
   *
   * @throws ProblemException 401 if it is not valid; the detail says why
   */
  public Token verify(String serialized) {
    Token token = check(serialized);
    if (token.subject().isEmpty()) {
      throw noSubject();
    }
    return token;
  }

  /**
   * Checks a token of a user, or of a service, which needs no subject.
   *
   * @throws ProblemException 401 if it is not valid; the detail says why
   */
  public Token verifyOfService(String serialized) {
    Token token = check(serialized);
    if (token.subject().isEmpty() && !token.actsForUsers()) {
      throw noSubject();
    }
    return token;
  }

  private Token check(String serialized) {
    try {
      if (serialized.length() > MAX_TOKEN_LENGTH) {
        throw invalid("it is longer than " + MAX_TOKEN_LENGTH + " characters");
      }
      SignedJWT token = SignedJWT.parse(serialized);
      if (!JWSAlgorithm.HS256.equals(token.getHeader().getAlgorithm())) {
        throw invalid("it is not signed with HS256");
      }
      if (!token.verify(verifier)) {
        throw invalid("its signature does not match");
      }
      return checkClaims(token);
    } catch (ParseException | JOSEException e) {
      throw invalid("it is not a signed JWT");
    }
  }

  /** Issues a token. */
  public String issue(String subject, Set<String> scopes, Duration lifetime) {
    Instant now = clock.instant();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .subject(subject)
            .claim("scope", String.join(" ", scopes))
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(lifetime)))
            .build();
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    try {
      token.sign(new MACSigner(secret));
    } catch (JOSEException e) {
      throw new IllegalStateException("could not sign a token", e);
    }
    return token.serialize();
  }

  private Token checkClaims(SignedJWT token) {
    try {
      requireTimes(token.getPayload().toJSONObject());
      return check(token.getJWTClaimsSet());
    } catch (ParseException e) {
      throw invalid("its claims cannot be read: " + e.getMessage());
    }
  }

  /** Whoever reads the claims multiplies their seconds, and what is too much becomes some time. */
  private static void requireTimes(@Nullable Map<String, Object> claims) {
    for (String claim : TIMES) {
      if (claims != null
          && claims.get(claim) instanceof Number seconds
          && !(Math.abs(seconds.doubleValue()) < MAX_TIME)) {
        throw invalid("its %s is not a valid time".formatted(claim));
      }
    }
  }

  private Token check(JWTClaimsSet claims) throws ParseException {
    Instant now = clock.instant();
    Date expiry = claims.getExpirationTime();
    if (expiry == null) {
      throw invalid("it has no expiry (exp)");
    }
    if (!now.isBefore(expiry.toInstant())) {
      throw invalid("it expired at " + expiry.toInstant());
    }
    Date notBefore = claims.getNotBeforeTime();
    if (notBefore != null && notBefore.toInstant().isAfter(now.plus(CLOCK_SKEW))) {
      throw invalid("it is not valid before " + notBefore.toInstant());
    }
    String subject = claims.getSubject();
    if (subject != null && (subject.isBlank() || subject.length() > MAX_SUBJECT_LENGTH)) {
      throw noSubject();
    }
    requireStorable("subject (sub)", subject);
    return new Token(subject == null ? "" : subject, tenant(claims), scopes(claims));
  }

  private static ProblemException noSubject() {
    return invalid("its subject (sub) has not 1 to " + MAX_SUBJECT_LENGTH + " characters");
  }

  private static String tenant(JWTClaimsSet claims) throws ParseException {
    String tenant = claims.getStringClaim("tenant");
    if (tenant != null && tenant.length() > MAX_SUBJECT_LENGTH) {
      throw invalid("its tenant has more than " + MAX_SUBJECT_LENGTH + " characters");
    }
    requireStorable("tenant", tenant);
    return tenant == null ? "" : tenant.strip();
  }

  /** Events carry both, so Postgres must hold them. */
  private static void requireStorable(String claim, @Nullable String value) {
    Optional.ofNullable(value)
        .flatMap(StorableText::flaw)
        .ifPresent(flaw -> {
          throw invalid("its %s: %s".formatted(claim, flaw));
        });
  }

  private static Set<String> scopes(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = new HashSet<>();
    String scope = claims.getStringClaim("scope");
    if (scope != null && !scope.isBlank()) {
      scopes.addAll(Arrays.asList(scope.strip().split("\\s+")));
    }
    if (SERVICE_ROLE.equals(claims.getClaim("role"))) {
      scopes.add(Token.SERVICE);
    }
    return scopes;
  }

  private static ProblemException invalid(String reason) {
    return ProblemException.unauthorized("the token was refused: " + reason);
  }
}
