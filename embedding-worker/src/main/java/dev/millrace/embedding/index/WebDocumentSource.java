package dev.millrace.embedding.index;

import dev.millrace.runtime.config.Durations;
import dev.millrace.runtime.failure.Causes;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents from the web. Addresses of the machine itself and of private networks are
 * refused, also as the target of a redirect, so that nobody reads what only this machine may.
 */
public final class WebDocumentSource implements DocumentSource {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** For a whole document, behind all redirects: a server that stalls keeps others waiting. */
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  private static final int MAX_REDIRECTS = 5;

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final long maxBytes;
  private final boolean privateAllowed;
  private final Duration deadline;

  /**
   * @param maxBytes size of a document at most
   * @param privateAllowed whether addresses of private networks may be read
   */
  public WebDocumentSource(long maxBytes, boolean privateAllowed) {
    this(maxBytes, privateAllowed, DEADLINE);
  }

  /**
   * @param deadline for a whole document
   */
  WebDocumentSource(long maxBytes, boolean privateAllowed, Duration deadline) {
    this.maxBytes = maxBytes;
    this.privateAllowed = privateAllowed;
    this.deadline = deadline;
  }

  /** Whether a document is on the web. */
  public static boolean isWeb(String uri) {
    return uri.startsWith("https://") || uri.startsWith("http://");
  }

  /**
   * Fetches on a thread of its own, which is interrupted at the deadline: the timeout of a request
   * ends with the headers of the answer.
   */
  @Override
  public Fetched fetch(DocumentRef document, @Nullable String commitSha) {
    FutureTask<Fetched> fetched = new FutureTask<>(() -> follow(document));
    Thread.ofVirtual().name("web-document").start(fetched);
    try {
      return fetched.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new UnavailableException(
          "%s was not read within %s".formatted(document.uri(), Durations.text(deadline)), null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while reading " + document.uri(), null, e);
    } catch (ExecutionException e) {
      throw Causes.unwrap(e) instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e);
    } finally {
      fetched.cancel(true);
    }
  }

  private Fetched follow(DocumentRef document) {
    URI uri = parsed(document.uri());
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<InputStream> answer = get(uri);
      int status = answer.statusCode();
      if (status / 100 == 3) {
        uri = target(uri, answer);
        continue;
      }
      if (status == 200) {
        return read(uri, answer);
      }
      throw failure(uri, answer);
    }
    throw new DocumentRejectedException(
        "redirects: expected at most %d from %s".formatted(MAX_REDIRECTS, document.uri()));
  }

  private static URI parsed(String uri) {
    try {
      return URI.create(uri);
    } catch (IllegalArgumentException e) {
      throw new DocumentRejectedException("invalid: expected an address: " + e.getMessage(), e);
    }
  }

  private static URI target(URI from, HttpResponse<InputStream> answer) {
    close(answer);
    String location = answer.headers().firstValue("Location").orElse("");
    URI to = from.resolve(parsed(location));
    if (location.isEmpty() || !isWeb(to.toString())) {
      throw new DocumentRejectedException(
          "redirects: expected another web address, found '%s'".formatted(location));
    }
    return to;
  }

  private HttpResponse<InputStream> get(URI uri) {
    requirePublic(uri);
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(TIMEOUT).header("User-Agent", "millrace").build();
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UnavailableException(
          "%s cannot be reached: %s".formatted(uri.getHost(), e.getMessage()), null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while reading " + uri.getHost(), null, e);
    }
  }

  private void requirePublic(URI uri) {
    if (uri.getHost() == null) {
      throw new DocumentRejectedException("invalid: expected a host in " + uri);
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
        if (!privateAllowed && isPrivate(address)) {
          throw new DocumentRejectedException(
              "forbidden: DOCUMENT_URL_PRIVATE is not set, and %s is an address of this machine or"
                      .formatted(uri.getHost())
                  + " of a private network");
        }
      }
    } catch (UnknownHostException e) {
      throw new UnavailableException("the host %s is not known".formatted(uri.getHost()), null, e);
    }
  }

  private static boolean isPrivate(InetAddress address) {
    boolean uniqueLocal =
        address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc;
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || uniqueLocal;
  }

  private Fetched read(URI uri, HttpResponse<InputStream> answer) {
    int limit = Math.toIntExact(Math.min(maxBytes + 1, Integer.MAX_VALUE - 8));
    try (InputStream body = answer.body()) {
      byte[] content = body.readNBytes(limit);
      if (content.length > maxBytes) {
        throw new DocumentRejectedException(
            "too_large: expected at most %d bytes, found more".formatted(maxBytes));
      }
      String mediaType = answer.headers().firstValue("Content-Type").orElse(null);
      return new Fetched(content, null, Instant.now(), mediaType);
    } catch (IOException e) {
      throw new UnavailableException(
          "%s broke off: %s".formatted(uri.getHost(), e.getMessage()), null, e);
    }
  }

  private static RuntimeException failure(URI uri, HttpResponse<InputStream> answer) {
    close(answer);
    int status = answer.statusCode();
    String message = "%s answered %d".formatted(uri, status);
    if (status == 429 || status >= 500) {
      Duration retryAfter =
          answer
              .headers()
              .firstValue("Retry-After")
              .filter(value -> value.matches("\\d{1,5}"))
              .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
              .orElse(null);
      return new UnavailableException(message, retryAfter, new IOException(message));
    }
    return new DocumentRejectedException((status == 404 ? "not_found: " : "refused: ") + message);
  }

  private static void close(HttpResponse<InputStream> answer) {
    try {
      answer.body().close();
    } catch (IOException e) {
      // Nothing more is wanted of it.
    }
  }
}
