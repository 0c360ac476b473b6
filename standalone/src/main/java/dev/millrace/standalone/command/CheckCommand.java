package dev.millrace.standalone.command;

import dev.millrace.standalone.check.DeploymentCheck;
import dev.millrace.standalone.check.Finding;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.Apps;
import dev.millrace.standalone.pipeline.PipelineState;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace check}: whether a deployment works, as its users see it. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Check a deployment: that the gateway answers and has what it needs, lets in whom it should"
          + " and nobody else, takes a signed webhook, that an event that goes in is found in the"
          + " audit trail, and that the apps are ready.",
      "",
      "All that is written is that event, of the type "
          + DeploymentCheck.EVENT_TYPE
          + " and the"
          + " source "
          + DeploymentCheck.SOURCE
          + ", which no app acts on."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing failed", "1:something failed, or cannot be checked at all"},
    footer = {
      "",
      "Secrets are taken from the environment (MILLRACE_API_KEY, MILLRACE_JWT_SECRET,",
      "GITHUB_WEBHOOK_SECRET, JAVARI_INTERNAL_API_KEY), and those that it lacks from",
      "DIR/credentials.env. What needs one that is in neither is not checked, and said.",
      "",
      "  ./millrace check",
      "  ./millrace check --url https://millrace.example.com --read-only",
      "  ./millrace check --url http://10.0.0.5:8080 --app audit-sink=http://10.0.0.6:9404"
    })
public final class CheckCommand implements Callable<Integer> {

  private static final int MAX_SECONDS = 600;
  private static final Set<String> SCHEMES = Set.of("http", "https");

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Address of the gateway (default: that of the pipeline on the data directory).")
  private @Nullable URI url;

  @Option(
      names = "--app",
      paramLabel = "NAME=URL",
      description =
          "Management address of an app, to ask whether it is ready; may be given again (default:"
              + " those of the pipeline on the data directory, without --url).")
  private Map<String, URI> apps = new TreeMap<>();

  @Option(names = "--read-only", description = "Write nothing: leave the event out.")
  private boolean readOnly;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long the event is waited for (default: ${DEFAULT-VALUE}).")
  private int waitSeconds;

  private int held;
  private int failed;
  private int notChecked;

  @Override
  public Integer call() throws InterruptedException {
    requireOptions();
    URI gateway = url == null ? here() : url;
    System.out.printf("Checking %s%n", gateway);
    Map<String, String> secrets = Credentials.ofGateway(data.path, System.getenv());
    try (DeploymentCheck check =
        new DeploymentCheck(gateway, secrets, TokenCommand::sign, this::print)) {
      if (check.reach()) {
        check.read();
        if (readOnly) {
          print(new Finding.NotChecked("the way of an event", "--read-only writes nothing"));
        } else {
          check.write(Duration.ofSeconds(waitSeconds));
        }
      }
      check.apps(apps, Apps.names());
    }
    System.out.printf("%d held, %d failed, %d not checked%n", held, failed, notChecked);
    return failed == 0 ? 0 : 1;
  }

  private void requireOptions() {
    if (url != null) {
      requireHttp("--url", url);
    }
    for (Map.Entry<String, URI> app : apps.entrySet()) {
      if (!Apps.names().contains(app.getKey())) {
        throw new StackException(
            "--app: expected one of %s, found %s"
                .formatted(String.join(", ", Apps.names()), app.getKey()));
      }
      requireHttp("--app " + app.getKey(), app.getValue());
    }
    if (waitSeconds < 1 || waitSeconds > MAX_SECONDS) {
      throw new StackException(
          "--wait: expected from 1 to %d seconds, found %d".formatted(MAX_SECONDS, waitSeconds));
    }
  }

  private static void requireHttp(String option, URI uri) {
    boolean plain =
        uri.getHost() != null
            && uri.getUserInfo() == null
            && uri.getQuery() == null
            && uri.getFragment() == null;
    if (!plain || !SCHEMES.contains(uri.getScheme())) {
      // Not what was found: a password may stand in it.
      throw new StackException(
          option + ": expected an address such as https://millrace.example.com, and no more of it");
    }
  }

  /** The pipeline of the data directory, with its apps. */
  private URI here() {
    PipelineState state = PipelineState.of(data.path);
    state.apps().forEach(apps::putIfAbsent);
    return state.gateway();
  }

  private void print(Finding finding) {
    switch (finding) {
      case Finding.Held(String what) -> {
        held++;
        System.out.printf("  ok  %s%n", what);
      }
      case Finding.Failed(String what, String reason) -> {
        failed++;
        System.out.printf("FAIL  %s: %s%n", what, reason);
      }
      case Finding.NotChecked(String what, String reason) -> {
        notChecked++;
        System.out.printf("   -  not checked: %s (%s)%n", what, reason);
      }
    }
  }
}
