package dev.millrace.gateway.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import java.util.Optional;
import java.util.Set;

/** A request to become a WebSocket. Helidon does not tell yet from where it comes. */
final class UpgradeIncoming implements Call.Incoming {

  private static final String SOMEWHERE = "upgrade";

  private final HttpPrologue prologue;
  private final Headers headers;

  UpgradeIncoming(HttpPrologue prologue, Headers headers) {
    this.prologue = prologue;
    this.headers = headers;
  }

  @Override
  public String path() {
    return prologue.uriPath().path();
  }

  @Override
  public Optional<String> header(String name) {
    return headers.first(HeaderNames.create(name));
  }

  @Override
  public Optional<String> query(String name) {
    return prologue.query().first(name).asOptional();
  }

  @Override
  public Set<String> queryNames() {
    return prologue.query().names();
  }

  @Override
  public String parameter(String name) {
    throw new IllegalArgumentException("a path of sockets has no parameters, not even " + name);
  }

  @Override
  public String remoteAddress() {
    return SOMEWHERE;
  }

  @Override
  public byte[] body(long maxBytes) {
    return new byte[0];
  }
}
