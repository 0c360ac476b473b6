package dev.millrace.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;

/**
 * Answers requests of HTTP/1.0 with what to do: Helidon speaks HTTP/1.1 and closes the connection
 * of any other without a word.
 */
final class Http10Rejector implements ServerConnectionSelector {

  private static final String PROTOCOL = " HTTP/1.0\r";
  private static final String DETAIL =
      "expected HTTP/1.1, found HTTP/1.0; behind nginx set proxy_http_version 1.1";

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData request) {
    int lineFeed = request.indexOf((byte) '\n');
    return lineFeed >= 0 && request.readString(lineFeed).endsWith(PROTOCOL)
        ? Support.SUPPORTED
        : Support.UNSUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return Set.of();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Refusal(context);
  }

  private record Refusal(ConnectionContext context) implements ServerConnection {

    @Override
    public void handle(Limit limit) {
      byte[] body =
          Json.bytes(
              new Problem(505, "http-version", "HTTP Version Not Supported", DETAIL).body("/"));
      String head =
          """
          HTTP/1.1 505 HTTP Version Not Supported\r
          Connection: close\r
          Content-Type: %s\r
          Content-Length: %d\r
          \r
          """
              .formatted(Problem.MEDIA_TYPE, body.length);
      context.dataWriter().writeNow(BufferData.create(head.getBytes(US_ASCII)));
      context.dataWriter().writeNow(BufferData.create(body));
    }

    @Override
    public Duration idleTime() {
      return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
      // Closed as soon as it is answered.
    }
  }
}
