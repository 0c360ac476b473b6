package dev.millrace.gateway.http;

import dev.millrace.runtime.app.Component;
import dev.millrace.schemas.event.TraceContext;
import io.helidon.common.mapper.MapperManager;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.websocket.WsRouting;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: one virtual thread a call, every failure a problem, every call in a trace and in
 * the log. On stop it refuses new calls, finishes those in flight, and then closes.
 */
public final class GatewayServer implements Component {

  private static final Logger log = LoggerFactory.getLogger(GatewayServer.class);
  private static final String TRACEPARENT = "traceparent";
  private static final HeaderName TRACEPARENT_HEADER = HeaderNames.create(TRACEPARENT);
  private static final Header NO_SNIFFING =
      HeaderValues.createCached("X-Content-Type-Options", "nosniff");
  private static final String UNMATCHED = "unmatched";
  private static final Duration RETRY_AFTER_STOP = Duration.ofSeconds(5);

  /** Room for the longest search, 8,000 characters of 9 bytes each, and what stands beside it. */
  private static final int MAX_REQUEST_LINE_BYTES = 80 << 10;

  private final ServerConfig config;
  private final List<Route> routes;
  private final List<SocketRoute> sockets;
  private final Endpoint fallback;
  private final Runnable closeStreams;
  private final Cors cors;
  private final CallLog calls;
  private final BodyBudget budget;
  private final Semaphore permits;
  private volatile boolean stopping;
  private volatile @Nullable WebServer server;

  /**
   * @param sockets paths of WebSockets
   * @param fallback answers a GET to a path that no route has
   * @param closeStreams ends the streams that last, at stop
   */
  public GatewayServer(
      ServerConfig config,
      List<Route> routes,
      List<SocketRoute> sockets,
      Endpoint fallback,
      Runnable closeStreams,
      MeterRegistry meters) {
    this.config = config;
    this.routes = List.copyOf(routes);
    this.sockets = List.copyOf(sockets);
    this.fallback = fallback;
    this.closeStreams = closeStreams;
    this.cors = new Cors(config.corsOrigins());
    this.calls = new CallLog(config.accessLog(), meters);
    this.budget = new BodyBudget(config.maxBufferedBytes());
    this.permits = new Semaphore(config.maxInFlight());
    meters.gauge(
        "gateway.in.flight", permits, free -> config.maxInFlight() - free.availablePermits());
  }

  @Override
  public void start() {
    shareMappers();
    server =
        WebServer.builder()
            .host(config.host())
            .port(config.port())
            .shutdownHook(false)
            .maxPayloadSize(HelidonIncoming.MAX_DISCARDED_BYTES)
            .addConnectionSelector(new Http10Rejector())
            .addProtocol(Http1Config.builder().maxPrologueLength(MAX_REQUEST_LINE_BYTES).build())
            .directHandlers(new UnreadableRequests(MAX_REQUEST_LINE_BYTES).handlers())
            .routing(this::register)
            .addRouting(socketRouting())
            .build()
            .start();
    if (!server.isRunning()) {
      throw new IllegalStateException(
          "the gateway cannot listen at %s:%d: the port is taken, or may not be used"
              .formatted(config.host(), config.port()));
    }
    log.atInfo().addKeyValue("uri", uri().toString()).log("listening");
  }

  /**
   * Lets all requests share one mapper manager. Without it Helidon 4.4 makes a new one each time a
   * header is read as a number, which it does for every request: a fifth of the gateway's time.
   */
  @SuppressWarnings("removal") // the way that is to stay takes no instance
  private static void shareMappers() {
    MapperManager.global(MapperManager.create());
  }

  /** Address it listens at; known once it is started. */
  public URI uri() {
    WebServer running = server;
    if (running == null) {
      throw new IllegalStateException("the server is not started");
    }
    return uri(config.host(), running.port());
  }

  /** Puts an IPv6 address into the brackets that it needs there. */
  static URI uri(String host, int port) {
    try {
      return new URI("http", null, host, port, null, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("a host that a server listens at has an address", e);
    }
  }

  @Override
  public void stop() {
    stopping = true;
    closeStreams.run();
    try {
      if (!permits.tryAcquire(
          config.maxInFlight(), config.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().addKeyValue("waited", config.drainTimeout()).log("closed on calls in flight");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    WebServer running = server;
    if (running != null) {
      running.stop();
    }
  }

  private void register(HttpRouting.Builder routing) {
    for (Route route : routes) {
      switch (route.method()) {
        case GET -> {
          routing.get(route.path(), (req, res) -> handle(route, req, res));
          routing.route(Method.HEAD, route.path(), (req, res) -> handle(route, req, res));
        }
        case POST -> routing.post(route.path(), (req, res) -> handle(route, req, res));
        case PUT -> routing.put(route.path(), (req, res) -> handle(route, req, res));
        case DELETE -> routing.delete(route.path(), (req, res) -> handle(route, req, res));
      }
    }
    routing.any((request, response) -> handle(encoded(request), request, response));
  }

  private WsRouting.Builder socketRouting() {
    WsRouting.Builder routing = WsRouting.builder();
    for (SocketRoute route : sockets) {
      routing.endpoint(route.path(), () -> new SocketListener(route));
    }
    return routing;
  }

  /** The route of a path in which a slash is encoded: it is part of a parameter, such as an id. */
  private @Nullable Route encoded(ServerRequest request) {
    String rawPath = request.prologue().uriPath().rawPath();
    if (!PathPattern.hasEncodedSlash(rawPath)) {
      return null;
    }
    String method = reading(request) ? Method.GET.text() : request.prologue().method().text();
    return routes.stream()
        .filter(route -> route.method().name().equals(method))
        .filter(route -> PathPattern.matches(route.path(), rawPath))
        .findFirst()
        .orElse(null);
  }

  private void handle(@Nullable Route route, ServerRequest request, ServerResponse response) {
    long start = System.nanoTime();
    HelidonIncoming incoming = new HelidonIncoming(request, route, budget);
    HelidonOutgoing outgoing = new HelidonOutgoing(request, response);
    Call call = new Call(incoming, trace(incoming));
    Reply reply;
    boolean admitted = false;
    try {
      admitted = permits.tryAcquire();
      reply = answer(route, request, call, incoming, admitted && !stopping);
      prepare(outgoing, call, incoming);
      outgoing.send(reply);
    } finally {
      incoming.release();
      if (admitted) {
        permits.release();
      }
    }
    try {
      outgoing.finish(reply);
    } finally {
      String method = CallLog.label(request.prologue().method().text());
      calls.note(method, route == null ? UNMATCHED : route.path(), call, reply.status(), start);
    }
    if (incoming.closing() || stopping) {
      // Helidon would read on, and take what is left of a body for the next request.
      throw new CloseConnectionException("the answer was the last on this connection");
    }
  }

  private Reply answer(
      @Nullable Route route,
      ServerRequest request,
      Call call,
      HelidonIncoming incoming,
      boolean taken) {
    try {
      incoming.requireOneEnd();
      if (!taken) {
        return refusal(call);
      }
      return route == null ? unmatched(request, call) : route.endpoint().handle(call);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Failures.problem(e, call).answer(call.path());
    } catch (RuntimeException e) {
      return Failures.problem(e, call).answer(call.path());
    }
  }

  private Reply refusal(Call call) {
    return (stopping
            ? ProblemException.unavailable("the gateway is stopping", RETRY_AFTER_STOP)
            : ProblemException.overloaded(
                "expected at most " + config.maxInFlight() + " calls at the same time"))
        .problem()
        .answer(call.path());
  }

  private Reply unmatched(ServerRequest request, Call call) throws InterruptedException {
    Set<Route.Method> served = EnumSet.noneOf(Route.Method.class);
    for (Route route : routes) {
      if (PathPattern.matches(route.path(), call.path())) {
        served.add(route.method());
      }
    }
    if (request.prologue().method().equals(Method.OPTIONS)) {
      return cors.preflight(allowed(served));
    }
    if (served.isEmpty() && reading(request)) {
      return fallback.handle(call);
    }
    if (served.isEmpty()) {
      throw ProblemException.notFound("nothing is served at " + call.path());
    }
    String list = allowed(served);
    return ProblemException.of(
            405, "method-not-allowed", "The method is not allowed", "expected " + list)
        .problem()
        .answer(call.path())
        .withHeaders(Map.of("Allow", list));
  }

  /** Whether a request asks for what is there: by GET, or by HEAD for the headers of it alone. */
  private static boolean reading(ServerRequest request) {
    Method method = request.prologue().method();
    return method.equals(Method.GET) || method.equals(Method.HEAD);
  }

  /** The methods of a path, as {@code Allow} names them (RFC 9110, section 10.2.1). */
  private static String allowed(Set<Route.Method> served) {
    List<String> names = new ArrayList<>();
    for (Route.Method method : served) {
      names.add(method.name());
      if (method == Route.Method.GET) {
        names.add(Method.HEAD.text());
      }
    }
    names.add(Method.OPTIONS.text());
    return String.join(", ", names);
  }

  private static TraceContext trace(HelidonIncoming incoming) {
    Optional<TraceContext> parent = incoming.header(TRACEPARENT).flatMap(TraceContext::parse);
    return parent.isPresent() ? parent.get().child() : TraceContext.start();
  }

  private void prepare(HelidonOutgoing outgoing, Call call, HelidonIncoming incoming) {
    outgoing.header(HeaderValues.create(TRACEPARENT_HEADER, call.trace().traceparent()));
    outgoing.header(NO_SNIFFING);
    cors.headers(incoming.header("Origin")).forEach(outgoing::header);
    if (incoming.closing() || stopping) {
      outgoing.header(HeaderValues.CONNECTION_CLOSE);
    }
  }
}
