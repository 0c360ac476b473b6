package dev.millrace.gateway.site;

import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Route;
import java.util.List;

/** The dashboard at {@code /}, and the libraries of pages under {@code /webjars}. */
public final class Site {

  private static final String WELCOME = "index.html";

  private final ClasspathSite dashboard = ClasspathSite.revalidated("dashboard");
  private final ClasspathSite libraries = ClasspathSite.immutable("META-INF/resources/webjars");

  public List<Route> routes() {
    return List.of(
        Route.get("/", call -> dashboard.serve(call, WELCOME)),
        Route.get("/webjars/{+file}", call -> libraries.serve(call, call.parameter("file"))));
  }

  /** Serves a path of the dashboard that no route has. */
  public Answer page(Call call) {
    return dashboard.serve(call, call.path().substring(1));
  }
}
