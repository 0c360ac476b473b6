package dev.millrace.gateway.auth;

import java.util.Set;

/**
 * What a valid token says.
 *
 * @param subject the user it was issued for
 * @param tenant tenant of the user; empty without tenants
 * @param scopes what the user may do besides learning
 */
public record Token(String subject, String tenant, Set<String> scopes) {

  /** May ask for tasks and read everything. */
  public static final String OPERATOR = "operator";

  /** May follow the live stream. */
  public static final String STREAM = "stream";

  public Token {
    scopes = Set.copyOf(scopes);
  }

  boolean allows(String scope) {
    return scopes.contains(scope);
  }
}
