package dev.millrace.repositories;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers of GitHub that came with an {@code ETag}. What was asked before is asked for only if it
 * changed (RFC 9110, {@code If-None-Match}); an answer of 304 has no body, and does not count
 * against GitHub's rate limit when there is a token.
 */
final class ETagCache {

  /** In bytes, of all answers together. */
  private static final long MAX_BYTES = 32L << 20;

  /** In bytes: a larger body would drive out too many others. */
  private static final int MAX_BODY = 4 << 20;

  /** What an answer takes besides its body, in bytes: many have an empty list and long headers. */
  static final int OVERHEAD = 4 << 10;

  private static final int NOT_MODIFIED = 304;

  private final Cache<Key, HttpResponse<byte[]>> known =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .executor(Runnable::run) // what is too much goes before the next answer comes
          .weigher((Key key, HttpResponse<byte[]> answer) -> weight(answer))
          .build();

  /** The same address has another body for each media type that is accepted. */
  private record Key(String path, String accept) {}

  /** Makes a request conditional, if the answer to the same one is known. */
  @Nullable HttpResponse<byte[]> condition(
      HttpRequest.Builder request, String path, String accept) {
    HttpResponse<byte[]> before = known.getIfPresent(new Key(path, accept));
    if (before != null) {
      etag(before).ifPresent(etag -> request.header("If-None-Match", etag));
    }
    return before;
  }

  /**
   * The answer that holds: the one that was known if GitHub says that nothing changed.
   *
   * @param before what {@link #condition} returned
   */
  HttpResponse<byte[]> current(
      String path,
      String accept,
      @Nullable HttpResponse<byte[]> before,
      HttpResponse<byte[]> answer) {
    if (before != null && answer.statusCode() == NOT_MODIFIED) {
      return before;
    }
    Key key = new Key(path, accept);
    if (answer.statusCode() == 200
        && etag(answer).isPresent()
        && answer.body().length <= MAX_BODY) {
      known.put(key, answer);
    }
    return answer;
  }

  private static int weight(HttpResponse<byte[]> answer) {
    return OVERHEAD + answer.body().length;
  }

  private static Optional<String> etag(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("ETag");
  }
}
