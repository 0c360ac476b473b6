package dev.millrace.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.runtime.redaction.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

  private static final String SECRET = "test-secret-".repeat(6);
  private static final Instant NOW = Instant.parse("2026-01-23T10:00:00Z");

  private final Tokens tokens = new Tokens(new Secret(SECRET), Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  void anIssuedTokenIsValid() {
    String token = tokens.issue("learner-1", Set.of("operator", "stream"), Duration.ofMinutes(1));

    assertThat(tokens.verify(token))
        .isEqualTo(new Token("learner-1", "", Set.of("operator", "stream")));
  }

  @Test
  void anExpiredTokenIsRefused() {
    assertRefused(signed(claims().expirationTime(Date.from(NOW.minusSeconds(1)))), "expired");
  }

  @Test
  void aTokenWithoutExpiryIsRefused() {
    assertRefused(signed(new JWTClaimsSet.Builder().subject("learner-1")), "exp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "nbf", "iat"})
  void aTimeThatNoDateCanHoldIsNamed(String claim) {
    String token = signed(claims().claim(claim, 1e300));

    assertRefused(token, "its " + claim + " is not a valid time");
  }

  @Test
  void aTokenWithoutSubjectIsRefused() {
    assertRefused(signed(claims().subject(null)), "sub");
    assertRefused(signed(claims().subject(" ")), "sub");
  }

  @Test
  void aTokenForANameThatNoEventCanCarryIsRefused() {
    assertRefused(signed(claims().subject("a\0")), "subject (sub)");
    assertRefused(signed(claims().claim("tenant", "a\0")), "tenant");
  }

  @Test
  void aTokenOfTheFutureIsRefused() {
    assertRefused(signed(claims().notBeforeTime(Date.from(NOW.plusSeconds(600)))), "not valid");
  }

  @Test
  void aTokenOfAnotherSecretIsRefused() {
    Tokens other = new Tokens(new Secret("another-".repeat(6)), Clock.systemUTC());

    assertRefused(other.issue("learner-1", Set.of(), Duration.ofDays(9_000)), "signature");
  }

  @Test
  void aTokenWithoutSignatureIsRefused() {
    assertRefused(new PlainJWT(claims().build()).serialize(), "not a signed JWT");
  }

  @Test
  void aTokenOfAnotherAlgorithmIsRefused() {
    assertRefused(signed(JWSAlgorithm.HS512, claims()), "HS256");
  }

  @Test
  void aTokenThatWasChangedIsRefused() {
    String[] parts = signed(claims()).split("\\.", -1);
    String[] others = signed(claims().subject("learner-2")).split("\\.", -1);

    assertRefused(parts[0] + '.' + others[1] + '.' + parts[2], "signature");
  }

  @Test
  void whatIsNoTokenIsRefused() {
    assertRefused("", "not a signed JWT");
    assertRefused("a.b.c", "not a signed JWT");
    assertRefused("x".repeat(10_000), "longer");
  }

  @Test
  void aClaimOfAnotherFormIsNamed() {
    assertRefused(signed(claims().claim("scope", List.of("operator"))), "scope");
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("learner-1")
        .expirationTime(Date.from(NOW.plusSeconds(60)));
  }

  private static String signed(JWTClaimsSet.Builder claims) {
    return signed(JWSAlgorithm.HS256, claims);
  }

  private static String signed(JWSAlgorithm algorithm, JWTClaimsSet.Builder claims) {
    try {
      SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims.build());
      token.sign(new MACSigner(SECRET.getBytes(UTF_8)));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertRefused(String token, String reason) {
    assertThatThrownBy(() -> tokens.verify(token))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(401))
        .hasMessageContaining(reason);
  }
}
