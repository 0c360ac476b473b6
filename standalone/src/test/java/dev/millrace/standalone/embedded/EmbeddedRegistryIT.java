package dev.millrace.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRegistryIT {
  private static final String ONE_FIELD =
      record("{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"string\\\"}");
  private static final String ANOTHER_FIELD_WITHOUT_DEFAULT =
      record(
          "{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"string\\\"},"
              + "{\\\"name\\\":\\\"b\\\",\\\"type\\\":\\\"int\\\"}");
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*(\\d+)");

  private static DataDirectory data;
  private static EmbeddedPostgres postgres;
  private static EmbeddedRegistry registry;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start(@TempDir Path folder) {
    data = DataDirectory.open(folder);
    Ports ports = data.ports(Ports.ALL_CHOSEN);
    postgres = new EmbeddedPostgres(data, ports.postgres());
    postgres.start();
    registry = new EmbeddedRegistry(data, Distribution.ofThisJvm(), postgres, ports.registry());
    registry.start(elapsed -> {});
  }

  @AfterAll
  static void stop() {
    registry.stop();
    postgres.stop();
    data.close();
  }

  @Test
  void aRegistryThatIsKilledIsStartedAgainWithItsSchemas() throws Exception {
    int id = idOf(register("kept-value", ONE_FIELD));

    registry.processes().findFirst().orElseThrow().destroyForcibly();

    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> {
          HttpResponse<String> found = send(request("/schemas/ids/" + id).GET());
          assertThat(found.statusCode()).isEqualTo(200);
          assertThat(found.body()).contains("Thing");
        });
  }

  @Test
  void anIncompatibleVersionIsRefused() throws Exception {
    idOf(register("strict-value", ONE_FIELD));

    HttpResponse<String> refused = register("strict-value", ANOTHER_FIELD_WITHOUT_DEFAULT);

    assertThat(refused.statusCode()).isEqualTo(409);
  }

  private static String record(String fields) {
    return "{\"schema\": \"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Thing\\\",\\\"fields\\\":["
        + fields
        + "]}\"}";
  }

  private HttpResponse<String> register(String subject, String body) throws Exception {
    return send(
        request("/subjects/" + subject + "/versions")
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static int idOf(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Matcher matcher = ID.matcher(response.body());
    assertThat(matcher.find()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(registry.confluentUrl() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
