package dev.millrace.gateway.auth;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.limit.RateLimits;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The doors of the gateway: each tells who calls, checks that the caller may come in here, and
 * takes one request from the caller's allowance.
 *
 * <p>Every door throws a {@link ProblemException}: 401 when the caller is not known, 403 when the
 * caller may not, 429 when the allowance is used up.
 */
public final class Access {

  private static final String BEARER = "Bearer ";
  private static final String API_KEY_HEADER = "X-API-Key";
  private static final String USER_HEADER = "X-User-ID";
  private static final String TENANT_HEADER = "X-Tenant-ID";
  private static final String USER_PREFIX = "user:";
  private static final int MAX_NAME = 128;

  /** Name, in the log, of services, which have no other. */
  private static final String SERVICE_CLIENT = "service";

  /** Name of the platform as a client. */
  private static final String PLATFORM = "javari";

  private final ApiKeys apiKeys;
  private final ApiKeys platformKey;
  private final Tokens tokens;
  private final RateLimits limits;

  public Access(AuthConfig config, RateLimits limits, Clock clock) {
    this.apiKeys = new ApiKeys(config.apiKeys());
    this.platformKey = new ApiKeys(Map.of(PLATFORM, config.platformKey()));
    this.tokens = new Tokens(config.jwtSecret(), clock);
    this.limits = limits;
  }

  public Tokens tokens() {
    return tokens;
  }

  /** An operator: a client with an API key, or a user whose token has the scope for it. */
  public String operator(Call call) {
    return admit(call, () -> keyOrToken(call, Token.OPERATOR));
  }

  /** A client with an API key. */
  public String client(Call call) {
    return admit(call, () -> key(call).orElseThrow(Access::noSuchKey));
  }

  /** The platform, with its own key. */
  public String platform(Call call) {
    return admit(
        call,
        () -> {
          String credential = credential(call).orElseThrow(Access::missing);
          return platformKey.client(credential).orElseThrow(Access::noSuchKey);
        });
  }

  /**
   * A reader of the live stream. A browser cannot give an event source headers: the token may stand
   * in the query.
   */
  public String stream(Call call) {
    return admit(
        call,
        () -> {
          Optional<String> inQuery = call.query("access_token");
          return inQuery.isPresent()
              ? token(inQuery.get(), Token.STREAM)
              : keyOrToken(call, Token.STREAM);
        });
  }

  /**
   * A learner: the subject of the token, which the user header must not contradict. A service, and
   * an operator, act for the user that they name there, and use up that user's allowance.
   */
  public UserId learner(Call call) {
    Token token = refusingFailures(call, () -> tokens.verifyOfService(bearerToken(call)));
    String user = named(call, token.subject(), "").map(Person::userId).orElse("");
    if (!user.equals(token.subject()) && !token.actsForUsers()) {
      throw ProblemException.forbidden(
          USER_HEADER + ": expected the subject of the token, found another user");
    }
    if (user.isEmpty()) {
      throw ProblemException.invalid(
          USER_HEADER, "is required with a token of a service, which has no subject");
    }
    call.identified(token.subject().isEmpty() ? SERVICE_CLIENT : userClient(token));
    limits.takeForLearner(user);
    return new UserId(user);
  }

  /**
   * The user whose records a call is about: the subject of the token. An operator names the user in
   * {@code X-User-ID}, and the tenant, if there are tenants, in {@code X-Tenant-ID}.
   */
  public Person person(Call call) {
    return refusingFailures(
        call,
        () -> {
          Optional<String> client = key(call);
          if (client.isPresent()) {
            call.identified(client.get());
            limits.take(client.get());
            return named(call, "", "")
                .orElseThrow(
                    () -> ProblemException.invalid(USER_HEADER, "is required with an API key"));
          }
          Token token = verified(call);
          call.identified(userClient(token));
          limits.takeForLearner(token.subject());
          Person self = new Person(token.subject(), token.tenant());
          Person named = named(call, token.subject(), token.tenant()).orElse(self);
          if (!named.equals(self) && !token.allows(Token.OPERATOR)) {
            throw ProblemException.forbidden(
                "expected the user and the tenant of the token, found others in %s or %s"
                    .formatted(USER_HEADER, TENANT_HEADER));
          }
          return named;
        });
  }

  /**
   * Refuses an operator who is a user and asks for another, or who names two users.
   *
   * @param client name that {@link #operator} returned
   * @param userId user that the request is for
   */
  public void requireSelf(Call call, String client, String userId) {
    if (client.startsWith(USER_PREFIX) && !client.equals(USER_PREFIX + userId)) {
      throw ProblemException.forbidden(
          "/userId: expected the subject of the token, found another user");
    }
    if (call.header(USER_HEADER).filter(named -> !named.equals(userId)).isPresent()) {
      throw ProblemException.forbidden(
          USER_HEADER + ": expected the user of the request, found another user");
    }
  }

  /**
   * The user for whom an operator asks: the one that is named in {@code X-User-ID}, or the operator
   * if that is a user.
   *
   * @param client name that {@link #operator} returned
   */
  public Optional<Person> behind(Call call, String client) {
    if (!client.startsWith(USER_PREFIX)) {
      return named(call, "", "");
    }
    Token token = tokens.verify(credential(call).orElseThrow(Access::missing));
    return named(call, token.subject(), token.tenant());
  }

  private static Optional<Person> named(Call call, String user, String tenant) {
    String named = call.header(USER_HEADER).orElse(user).strip();
    String of = call.header(TENANT_HEADER).orElse(tenant).strip();
    if (named.length() > MAX_NAME || of.length() > MAX_NAME) {
      throw ProblemException.invalid(
          USER_HEADER, "expected at most %d characters".formatted(MAX_NAME));
    }
    return named.isEmpty() ? Optional.empty() : Optional.of(new Person(named, of));
  }

  private String keyOrToken(Call call, String scope) {
    Optional<String> byKey = key(call);
    if (byKey.isPresent()) {
      return byKey.get();
    }
    String credential = credential(call).orElseThrow(Access::missing);
    if (!looksLikeToken(credential)) {
      throw noSuchKey();
    }
    return token(credential, scope);
  }

  private String token(String serialized, String scope) {
    Token token = tokens.verify(serialized);
    if (!token.allows(scope) && !token.allows(Token.OPERATOR)) {
      throw ProblemException.forbidden("expected a token with the scope " + scope);
    }
    return userClient(token);
  }

  private Token verified(Call call) {
    return tokens.verify(bearerToken(call));
  }

  private static String bearerToken(Call call) {
    return bearer(call)
        .orElseThrow(
            () -> ProblemException.unauthorized("expected Authorization: Bearer and a token"));
  }

  /** What follows the scheme, which is the same in small letters (RFC 9110). */
  private static Optional<String> bearer(Call call) {
    return call.header("Authorization")
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).strip());
  }

  private Optional<String> key(Call call) {
    return credential(call).flatMap(apiKeys::client);
  }

  private static Optional<String> credential(Call call) {
    Optional<String> header = call.header(API_KEY_HEADER);
    return header.isPresent() ? header : bearer(call);
  }

  private String admit(Call call, Supplier<String> door) {
    String client = refusingFailures(call, door);
    call.identified(client);
    limits.take(client);
    return client;
  }

  private <T> T refusingFailures(Call call, Supplier<T> check) {
    try {
      return check.get();
    } catch (ProblemException e) {
      limits.takeForFailure(call.remoteAddress());
      throw e;
    }
  }

  private static boolean looksLikeToken(String credential) {
    return credential.indexOf('.') != credential.lastIndexOf('.');
  }

  /** Users and API keys share no names. */
  private static String userClient(Token token) {
    return USER_PREFIX + token.subject();
  }

  private static ProblemException missing() {
    return ProblemException.unauthorized(
        "expected an API key in " + API_KEY_HEADER + " or Authorization: Bearer");
  }

  private static ProblemException noSuchKey() {
    return ProblemException.unauthorized("the API key is not one that is accepted here");
  }
}
