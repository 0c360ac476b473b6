package dev.millrace.gateway.openapi;

import dev.millrace.gateway.http.Call;

/**
 * Reads bodies of one kind. Every method throws a {@link
 * dev.millrace.gateway.http.ProblemException}: 400 when the body is not as the document says, and
 * what {@link Bodies#bytes} throws.
 */
public final class BodyReader {

  private final Bodies bodies;
  private final BodySchema schema;

  BodyReader(Bodies bodies, BodySchema schema) {
    this.bodies = bodies;
    this.schema = schema;
  }

  /** The body of a call. */
  public Body read(Call call) {
    return schema.read(bodies.bytes(call));
  }

  /** The body of a call that may leave it out: nothing is an empty object. */
  public Body readOptional(Call call) {
    return schema.readOptional(bodies.bytes(call));
  }

  /** A body whose bytes were taken before. */
  public Body read(byte[] bytes) {
    return schema.read(bytes);
  }
}
