package dev.millrace.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;

class ETagCacheTest {

  private static final String JSON = "application/json";

  private final ETagCache cache = new ETagCache();

  @Test
  void answersWithoutABodyTakeTheirRoomToo() {
    // given
    HttpResponse<byte[]> empty = emptyAnswer();

    // when
    IntStream.range(0, 20_000).forEach(i -> cache.current("/" + i, JSON, null, empty));

    // then
    long kept = IntStream.range(0, 20_000).filter(this::isKnown).count();
    assertThat(kept).isBetween(1L, (32L << 20) / ETagCache.OVERHEAD);
  }

  private boolean isKnown(int path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost/" + path));
    return cache.condition(request, "/" + path, JSON) != null;
  }

  private static HttpResponse<byte[]> emptyAnswer() {
    return new EmptyAnswer(HttpHeaders.of(Map.of("ETag", List.of("e")), (name, value) -> true));
  }

  private record EmptyAnswer(HttpHeaders headers) implements HttpResponse<byte[]> {

    @Override
    public int statusCode() {
      return 200;
    }

    @Override
    public byte[] body() {
      return new byte[0];
    }

    @Override
    public URI uri() {
      return URI.create("http://localhost/");
    }

    @Override
    public HttpRequest request() {
      return HttpRequest.newBuilder(uri()).build();
    }

    @Override
    public Optional<HttpResponse<byte[]>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }
}
