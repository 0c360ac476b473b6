package dev.millrace.gateway.http;

import io.helidon.common.parameters.Parameters;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request as Helidon hands it over. */
final class HelidonIncoming implements Call.Incoming {

  private static final Logger log = LoggerFactory.getLogger(HelidonIncoming.class);

  /** The names that routes ask for: constants, so there are few. */
  private static final Map<String, HeaderName> NAMES = new ConcurrentHashMap<>();

  /** Bodies up to this size are read in one go and count against no budget. */
  private static final int SMALL_BODY_BYTES = 64 << 10;

  /** How much of a body that is too large is read away, so that the client sees the answer. */
  static final long MAX_DISCARDED_BYTES = 64L << 20;

  private static final String CHUNKED = "chunked";
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private static final int DISCARD_BUFFER_BYTES = 64 << 10;
  private static final Duration DISCARD_TIMEOUT = Duration.ofSeconds(10);

  private final ServerRequest request;
  private final @Nullable Route route;
  private final BodyBudget budget;
  private long reserved;
  private boolean closing;

  HelidonIncoming(ServerRequest request, @Nullable Route route, BodyBudget budget) {
    this.request = request;
    this.route = route;
    this.budget = budget;
  }

  @Override
  public String path() {
    return request.path().path();
  }

  @Override
  public Optional<String> header(String name) {
    return request.headers().first(NAMES.computeIfAbsent(name, HeaderNames::create));
  }

  @Override
  public Optional<String> query(String name) {
    return request.query().first(name).asOptional();
  }

  @Override
  public Set<String> queryNames() {
    return request.query().names();
  }

  @Override
  public String parameter(String name) {
    Parameters found = request.path().pathParameters();
    if (found.contains(name) || route == null) {
      return found.get(name);
    }
    return PathPattern.parameter(route.path(), request.prologue().uriPath().rawPath(), name);
  }

  @Override
  public String remoteAddress() {
    SocketAddress address = request.remotePeer().address();
    return address instanceof InetSocketAddress internet && internet.getAddress() != null
        ? internet.getAddress().getHostAddress()
        : address.toString();
  }

  /**
   * Refuses a request whose end two readers could see in two places (RFC 9112, section 6.3): what
   * one of them takes for its body the other would take for the next request.
   *
   * @throws ProblemException 400
   */
  void requireOneEnd() {
    Headers headers = request.headers();
    boolean chunked = headers.contains(HeaderNames.TRANSFER_ENCODING);
    if (!chunked && !headers.contains(HeaderNames.CONTENT_LENGTH)) {
      return;
    }
    List<String> lengths = headers.all(HeaderNames.CONTENT_LENGTH, List::of);
    if (chunked && !lengths.isEmpty()) {
      throw unclear("expected a Transfer-Encoding or a Content-Length, found both");
    }
    List<String> encodings = headers.all(HeaderNames.TRANSFER_ENCODING, List::of);
    if (chunked && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase(CHUNKED))) {
      throw unclear(
          "expected the Transfer-Encoding %s, found %s"
              .formatted(CHUNKED, String.join(", ", encodings)));
    }
    if (!chunked && !(lengths.size() == 1 && LENGTH.matcher(lengths.getFirst()).matches())) {
      throw unclear("expected one Content-Length, a number, found " + String.join(", ", lengths));
    }
  }

  private ProblemException unclear(String what) {
    closing = true;
    return ProblemException.malformed(what);
  }

  @Override
  public byte[] body(long maxBytes) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    long length = request.headers().contentLength().orElse(-1);
    try {
      if (length > maxBytes) {
        refuse(length);
        throw tooLarge(maxBytes);
      }
      InputStream in = request.content().inputStream();
      if (length >= 0 && length <= SMALL_BODY_BYTES) {
        return readExactly(in, (int) length);
      }
      byte[] body = readByPieces(in, maxBytes);
      if (body.length > maxBytes) {
        discard(in, maxBytes);
        throw tooLarge(maxBytes);
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException("the client did not send all of the body", e);
    } catch (ProblemException | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      // Helidon's own failures on chunks that it cannot read, and on bodies that are cut off.
      log.atDebug().addKeyValue("path", path()).setCause(e).log("a body cannot be read");
      throw unclear("expected a body as its headers say, found one that cannot be read");
    }
  }

  /** Whether the connection cannot be used any more, or is not to be. */
  boolean closing() {
    return closing || request.headers().contains(HeaderValues.CONNECTION_CLOSE);
  }

  /** Gives back what the body took. */
  void release() {
    if (reserved > 0) {
      budget.release(reserved);
      reserved = 0;
    }
  }

  private void reserve(long bytes) {
    budget.reserve(bytes);
    reserved += bytes;
  }

  /**
   * Reads a body that is large, or that does not say how large it is. Room is taken as the body
   * comes: a client that is slow, or that only might send much, keeps out nobody else.
   *
   * @return more bytes than that if the body has more
   */
  private byte[] readByPieces(InputStream in, long maxBytes) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] piece = in.readNBytes(SMALL_BODY_BYTES);
    body.write(piece);
    while (piece.length == SMALL_BODY_BYTES && body.size() <= maxBytes) {
      reserve(SMALL_BODY_BYTES);
      piece = in.readNBytes(SMALL_BODY_BYTES);
      body.write(piece);
    }
    return body.toByteArray();
  }

  private static byte[] readExactly(InputStream in, int length) throws IOException {
    byte[] body = new byte[length];
    int read = in.readNBytes(body, 0, length);
    if (read < length) {
      throw new IOException("expected " + length + " bytes, found " + read);
    }
    return body;
  }

  /** A client that asks first sends nothing; any other sees the answer when it has sent all. */
  private void refuse(long length) throws IOException {
    if (length > MAX_DISCARDED_BYTES || request.headers().contains(HeaderNames.EXPECT)) {
      closing = true;
    } else {
      discard(request.content().inputStream(), 0);
    }
  }

  private void discard(InputStream in, long alreadyRead) throws IOException {
    byte[] buffer = new byte[DISCARD_BUFFER_BYTES];
    long deadline = System.nanoTime() + DISCARD_TIMEOUT.toNanos();
    long total = alreadyRead;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      total += read;
      if (total > MAX_DISCARDED_BYTES || System.nanoTime() > deadline) {
        closing = true;
        return;
      }
    }
  }

  private static ProblemException tooLarge(long maxBytes) {
    return ProblemException.tooLarge("expected a body of at most " + maxBytes + " bytes");
  }
}
