package dev.millrace.remediation;

import dev.millrace.remediation.execution.Executor;
import dev.millrace.remediation.execution.Outcomes;
import dev.millrace.remediation.execution.PostgresExecutionStore;
import dev.millrace.remediation.hook.Hooks;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.database.Database;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.share.EffectGuard;
import dev.millrace.runtime.share.ShareWorker;
import dev.millrace.runtime.share.ShareWorkerConfig;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.remediation.RemediationCommand;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Carries out remediation commands through the hooks of this site. */
public final class RemediationExecutorApp implements App {

  private static final String NAME = "remediation-executor";
  private static final String GROUP = "millrace-remediation-executor";
  private static final String SCHEMA = "remediation";
  private static final String MIGRATIONS = "dev/millrace/remediation/migrations";
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_GRACE = Duration.ofSeconds(20);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void wire(AppContext context) {
    RemediationConfig config = RemediationConfig.from(context.environment());
    KafkaClients kafka = context.kafka();
    Database database = context.database();
    context.add(Component.step(() -> database.migrate(SCHEMA, MIGRATIONS)));
    context.provision(
        List.of(Topics.REMEDIATION_COMMANDS, Topics.REMEDIATION_OUTCOMES, Topics.DEAD_LETTERS));
    EventPublisher publisher = context.add(new EventPublisher(kafka, DELIVERY_TIMEOUT));
    Outcomes outcomes =
        new Outcomes(
            NAME,
            (outcome, event) ->
                publisher.publishAndWait(
                    Topics.REMEDIATION_OUTCOMES, outcome.getProject(), outcome, event));
    Executor executor =
        new Executor(
            config.hooks(),
            new Hooks(NAME),
            new PostgresExecutionStore(database.jdbi()),
            outcomes,
            config.limits(),
            InstantSource.system());
    ShareWorker<RemediationCommand> worker =
        context.add(
            new ShareWorker<>(
                kafka,
                new ShareWorkerConfig(
                    GROUP,
                    List.of(Topics.REMEDIATION_COMMANDS.name()),
                    config.slots(),
                    ShareWorkerConfig.DEFAULT_MAX_DELIVERIES,
                    STOP_GRACE),
                Topics.REMEDIATION_COMMANDS,
                new DeadLetters(NAME, publisher),
                EffectGuard.of(Effect.REMEDIATIONS, executor)));
    context.readiness().add("worker", worker::check);
  }
}
