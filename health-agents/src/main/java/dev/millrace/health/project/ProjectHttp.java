package dev.millrace.health.project;

import dev.millrace.runtime.failure.Causes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks projects over HTTP. Redirects are followed, but not from an address with a user: its
 * password is meant for that address alone.
 */
public final class ProjectHttp {

  private final Duration timeout;
  private final HttpClient following;
  private final HttpClient staying;

  /**
   * @param timeout for a whole answer, with what the handler reads of its body
   */
  public ProjectHttp(Duration timeout) {
    this.timeout = timeout;
    this.following = client(timeout, Redirect.NORMAL);
    this.staying = client(timeout, Redirect.NEVER);
  }

  private static HttpClient client(Duration timeout, Redirect redirects) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(timeout)
        .followRedirects(redirects)
        .build();
  }

  /**
   * What a project answers.
   *
   * @throws IOException if there is no answer, or none that can be understood; its message says
   *     why, for whoever runs the project
   */
  public <T> HttpResponse<T> get(Project project, String accept, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(project.url())
            .header("User-Agent", "millrace-health-agents")
            .header("Accept", accept)
            .GET();
    project.authorization().ifPresent(basic -> request.header("Authorization", basic));
    HttpClient http = project.authorization().isPresent() ? staying : following;
    CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request.build(), handler);
    try {
      // The timeout of a request would end with its headers, and begin again with each redirect.
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      // Whatever a project answers must not end the watching: not even a redirect to nowhere, which
      // the client gives as an unchecked exception.
      throw new IOException(describe(Causes.unwrap(e)), e);
    } finally {
      answer.cancel(true);
    }
  }

  private static String describe(Throwable failure) {
    return failure instanceof ConnectException ? "no connection" : Causes.rootMessage(failure);
  }

  /** Ends all that is under way. */
  public void shutdownNow() {
    following.shutdownNow();
    staying.shutdownNow();
  }
}
