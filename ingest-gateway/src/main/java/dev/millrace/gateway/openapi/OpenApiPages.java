package dev.millrace.gateway.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.site.ClasspathSite;
import java.util.List;
import java.util.Map;

/** The document at {@code /openapi}, and a page that renders it without asking another host. */
public final class OpenApiPages {

  private static final String YAML = "application/yaml";
  private static final Map<String, String> HEADERS =
      Map.of("Vary", "Accept", "Cache-Control", "no-cache");

  private final OpenApiDocument document;
  private final ClasspathSite pages;

  public OpenApiPages(OpenApiDocument document) {
    this.document = document;
    this.pages = ClasspathSite.revalidated("dev/millrace/gateway/openapi/ui");
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/openapi", this::negotiated),
        Route.get("/openapi.yaml", _ -> yaml()),
        Route.get("/openapi.json", _ -> json()),
        Route.get("/openapi/ui", call -> pages.serve(call, "index.html")),
        Route.get("/openapi/ui/{file}", call -> pages.serve(call, call.parameter("file"))));
  }

  private Answer negotiated(Call call) {
    return call.header("Accept").orElse("").contains("json") ? json() : yaml();
  }

  private Answer yaml() {
    return new Answer(200, YAML, document.yaml().getBytes(UTF_8), HEADERS);
  }

  private Answer json() {
    return new Answer(200, "application/json", Json.bytes(document.root()), HEADERS);
  }
}
