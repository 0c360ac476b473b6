package dev.millrace.gateway.openapi;

import dev.millrace.gateway.http.Call;

/**
 * The bodies of calls: no larger than they may be, JSON, and as the OpenAPI document says.
 *
 * @param maxBytes largest body
 */
public record Bodies(OpenApiDocument document, long maxBytes) {

  /** Bodies of one kind, by the name of their schema in the document. */
  public BodyReader of(String schema) {
    return new BodyReader(this, new BodySchema(document, schema));
  }

  /**
   * A body as it came.
   *
   * @throws dev.millrace.gateway.http.ProblemException 413 if it is too large, 415 if it claims not
   *     to be JSON
   */
  public byte[] bytes(Call call) {
    return call.jsonBody(maxBytes);
  }
}
