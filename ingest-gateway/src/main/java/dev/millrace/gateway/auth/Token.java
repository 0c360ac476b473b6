package dev.millrace.gateway.auth;

import java.util.Set;

/**
 * What a valid token says.
 *
 * @param subject the user it was issued for; empty for a service
 * @param tenant tenant of the user; empty without tenants
 * @param scopes what the user may do besides learning
 */
public record Token(String subject, String tenant, Set<String> scopes) {

  /** May ask for tasks and read everything. */
  public static final String OPERATOR = "operator";

  /** May follow the live stream. */
  public static final String STREAM = "stream";

  /** May learn for any user. */
  public static final String SERVICE = "service";

  public Token {
    scopes = Set.copyOf(scopes);
  }

  boolean allows(String scope) {
    return scopes.contains(scope);
  }

  boolean actsForUsers() {
    return allows(SERVICE) || allows(OPERATOR);
  }
}
