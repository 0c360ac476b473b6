package dev.millrace.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

  @SuppressWarnings("unchecked")
  private static HttpResponse<byte[]> emptyAnswer() {
    HttpHeaders headers = HttpHeaders.of(Map.of("ETag", List.of("e")), (name, value) -> true);
    return (HttpResponse<byte[]>)
        Proxy.newProxyInstance(
            ETagCacheTest.class.getClassLoader(),
            new Class<?>[] {HttpResponse.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "statusCode" -> 200;
                  case "headers" -> headers;
                  case "body" -> new byte[0];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
