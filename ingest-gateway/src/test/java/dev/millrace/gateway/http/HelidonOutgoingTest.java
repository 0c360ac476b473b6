package dev.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HelidonOutgoingTest {

  @Test
  void aStreamGivesBackWhatItHoldsAlsoWhereTheClientIsGoneBeforeItsHeaders() {
    // given
    HelidonOutgoing outgoing = new HelidonOutgoing(head(), goneClient());
    AtomicBoolean released = new AtomicBoolean();
    Reply stream = Reply.Stream.ofEvents(_ -> {}, () -> released.set(true));

    // when
    Throwable failure =
        catchThrowable(() -> {
          outgoing.send(stream);
          outgoing.finish(stream);
        });

    // then
    assertThat(failure).isInstanceOf(UncheckedIOException.class);
    assertThat(released).isTrue();
  }

  private static ServerRequest head() {
    HttpPrologue prologue =
        HttpPrologue.create("HTTP/1.1", "HTTP", "1.1", Method.HEAD, "/api/events/stream", false);
    return fake(ServerRequest.class, (_, _, _) -> prologue);
  }

  /** Takes headers, and fails to send anything. */
  private static ServerResponse goneClient() {
    return fake(
        ServerResponse.class,
        (response, method, _) -> {
          if (method.getName().equals("send")) {
            throw new UncheckedIOException(new IOException("Broken pipe"));
          }
          return response;
        });
  }

  private static <T> T fake(Class<T> type, InvocationHandler behaviour) {
    return type.cast(
        Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
  }
}
