package dev.millrace.remediation.hook;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.http.HeaderText;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes the call of an HTTP hook: once, with the command's id as {@code Idempotency-Key}. */
final class HttpCaller {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  HookResult call(Hook.CallHttp hook, HookCall call) throws InterruptedException {
    FutureTask<HookResult> exchange = new FutureTask<>(() -> exchange(hook, call));
    Thread thread = Thread.ofVirtual().name("remediation-executor-http").start(exchange);
    try {
      return exchange.get(hook.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return noAnswer(hook);
    } catch (ExecutionException e) {
      throw new IllegalStateException(Causes.unwrap(e));
    } finally {
      thread.interrupt();
    }
  }

  private HookResult exchange(Hook.CallHttp hook, HookCall call) throws InterruptedException {
    try {
      HttpResponse<InputStream> response =
          http.send(request(hook, call), BodyHandlers.ofInputStream());
      Output output = new Output();
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(Output.MAX_BYTES);
        output.append(bytes, bytes.length);
      }
      int status = response.statusCode();
      return status / 100 == 2
          ? HookResult.success(status, output.text())
          : HookResult.failure(status, output.text(), "answered with status " + status);
    } catch (HttpTimeoutException e) {
      return noAnswer(hook);
    } catch (IOException | IllegalArgumentException e) {
      // The latter of an address with the name of a project where that may not stand.
      return HookResult.failure(null, "", "could not be called: " + Causes.rootMessage(e));
    }
  }

  private static HookResult noAnswer(Hook.CallHttp hook) {
    return HookResult.failure(null, "", "no answer within " + hook.timeout().toMillis() + " ms");
  }

  private static HttpRequest request(Hook.CallHttp hook, HookCall call) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(hook.url())
            .timeout(hook.timeout())
            .header("Idempotency-Key", HeaderText.encoded(call.commandId()))
            .header("Content-Type", "application/json")
            .method(hook.method(), BodyPublishers.ofString(body(call)));
    hook.headers().forEach(builder::setHeader);
    return builder.build();
  }

  private static String body(HookCall call) {
    ObjectNode body = JSON.createObjectNode();
    body.put("command_id", call.commandId());
    body.put("project", call.project());
    body.put("action", call.action());
    ObjectNode parameters = body.putObject("parameters");
    call.parameters().forEach(parameters::put);
    return body.toString();
  }
}
