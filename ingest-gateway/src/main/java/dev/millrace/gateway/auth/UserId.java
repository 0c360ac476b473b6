package dev.millrace.gateway.auth;

/** Identity of a learner: the subject of the token. */
public record UserId(String value) {

  @Override
  public String toString() {
    return value;
  }
}
