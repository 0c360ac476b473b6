package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.check.DeploymentCheck;
import dev.millrace.standalone.check.Finding;
import dev.millrace.standalone.command.TokenCommand;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.pipeline.Apps;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A check of the pipeline, as {@code millrace check} does it. */
@ExtendWith(WithMillrace.class)
class CheckIT {

  private final List<Finding> findings = new ArrayList<>();

  @Test
  void everythingHoldsOnAPipelineThatWorks(Millrace millrace) throws InterruptedException {
    try (DeploymentCheck check = check(millrace)) {
      check.reach();
      check.read();
      check.write(Duration.ofSeconds(30));
      check.apps(apps(millrace), Apps.names());
    }

    assertThat(findings).hasSize(9 + Apps.names().size()).allMatch(Finding.Held.class::isInstance);
  }

  @Test
  void whatOnlyReadsLeavesNoRecord(Millrace millrace) throws InterruptedException {
    long before = records(millrace);

    try (DeploymentCheck check = check(millrace)) {
      check.reach();
      check.read();
      check.apps(apps(millrace), Apps.names());
    }

    assertThat(records(millrace)).isEqualTo(before);
  }

  private DeploymentCheck check(Millrace millrace) {
    Map<String, String> secrets =
        Stream.of(
                Credentials.API_KEY,
                Credentials.JWT_SECRET,
                Credentials.WEBHOOK_SECRET,
                Credentials.JAVARI_API_KEY)
            .collect(Collectors.toMap(Function.identity(), millrace::credential));
    return new DeploymentCheck(
        millrace.gateway().uri(), secrets, TokenCommand::sign, findings::add);
  }

  private static Map<String, URI> apps(Millrace millrace) {
    Map<String, URI> apps = new TreeMap<>();
    millrace.pipeline().apps().forEach((name, app) -> apps.put(name, app.managementUri()));
    return apps;
  }

  /** Records of the topics that a gateway writes of deliveries and of events of platforms. */
  private static long records(Millrace millrace) {
    return millrace
        .analyst()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT count(*) FROM audit.records
                     WHERE topic IN ('github.events', 'platform.events', 'gateway.receipts',
                                     'model.usages')
                    """)
                .mapTo(Long.class)
                .one());
  }
}
