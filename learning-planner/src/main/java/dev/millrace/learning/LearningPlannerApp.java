package dev.millrace.learning;

import dev.millrace.learning.collector.CollectorConfig;
import dev.millrace.learning.collector.SignalCollector;
import dev.millrace.learning.learner.Learner;
import dev.millrace.learning.plan.OfflinePlanGenerator;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.share.EffectGuard;
import dev.millrace.runtime.share.ShareWorker;
import dev.millrace.runtime.share.ShareWorkerConfig;
import dev.millrace.runtime.streams.StreamsApp;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.learning.LearningSignalRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plans what learners do each day, from what they want and from what the signal agents say. */
public final class LearningPlannerApp implements App {

  private static final String NAME = "learning-planner";
  private static final String COLLECTOR_GROUP = "millrace-learning-collector";
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void wire(AppContext context) {
    LearningConfig config = LearningConfig.from(context.environment());
    KafkaClients kafka = context.kafka();
    context.provision(topics());
    Learner learner = new Learner(config.rules(), new OfflinePlanGenerator());
    StreamsApp streams =
        context.add(
            new StreamsApp(
                kafka,
                context.meters(),
                LearningTopology.build(learner, kafka.serdes()::serde, context.meters()),
                Map.of()));
    context.readiness().add("streams", streams::check);
    config.collector().ifPresent(collector -> addCollector(context, collector));
  }

  private static void addCollector(AppContext context, CollectorConfig config) {
    KafkaClients kafka = context.kafka();
    EventPublisher publisher = context.add(new EventPublisher(kafka, DELIVERY_TIMEOUT));
    SignalCollector collector =
        SignalCollector.of(
            config,
            context.meters(),
            (signal, event) ->
                publisher.publishAndWait(
                    Topics.LEARNING_SIGNALS, signal.getUserId(), signal, event));
    ShareWorker<LearningSignalRequest> worker =
        context.add(
            new ShareWorker<>(
                kafka,
                new ShareWorkerConfig(
                    COLLECTOR_GROUP,
                    List.of(Topics.LEARNING_SIGNAL_REQUESTS.name()),
                    config.slots(),
                    ShareWorkerConfig.DEFAULT_MAX_DELIVERIES,
                    STOP_GRACE),
                Topics.LEARNING_SIGNAL_REQUESTS,
                new DeadLetters(NAME, publisher),
                EffectGuard.of(Effect.NOTIFICATIONS, collector)));
    context.readiness().add("collector", worker::check);
  }

  private static List<Topic<?>> topics() {
    List<Topic<?>> topics = new ArrayList<>(LearningTopology.INPUTS);
    topics.addAll(LearningTopology.OUTPUTS);
    topics.add(Topics.DEAD_LETTERS);
    return topics;
  }
}
