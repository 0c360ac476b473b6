package dev.millrace.gateway.auth;

import dev.millrace.gateway.openapi.Body;

/** Who acts, for the record: the client, and the person behind it where the request names one. */
public final class ActingPerson {

  private ActingPerson() {}

  /**
   * The name that is kept.
   *
   * @param client who was admitted
   * @param body a request whose field {@code by} may name a person
   */
  public static String of(String client, Body body) {
    return body.optionalText("by").map(person -> client + "/" + person).orElse(client);
  }
}
