package dev.millrace.standalone.command;

import dev.millrace.audit.mirror.MirrorCounts;
import dev.millrace.audit.mirror.MirrorCounts.PartitionCount;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace audit compare}: whether the mirror has what Kafka has. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "Read the topics and the mirror, and compare them offset by offset, each partition up to"
            + " where the mirror stands. Ends with 1 if a record is missing in the mirror, or is"
            + " there twice, or if the mirror has one that was never committed.",
    footer = {
      "",
      "  ./millrace audit compare",
      "  ./millrace audit compare --topic task.events",
      "",
      "Partitions without records are not shown. FURTHER are rows that Kafka has no",
      "record for: on a compacted topic those it dropped. BEHIND counts offsets that",
      "the mirror has not come to yet. Only what Kafka still has is compared; records",
      "that retention took out of the mirror before Kafka dropped them are MISSING."
    })
final class AuditCompareCommand extends DataCommand {

  private static final String FORMAT = "%-32s %9s %10s %10s %8s %8s %8s  %s%n";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic; may be given again.")
  private List<String> topics = new ArrayList<>();

  @Override
  public Integer call() throws InterruptedException {
    PipelineState state = PipelineState.of(data.path);
    try (RunningKafka kafka = new RunningKafka(state);
        Consumer<byte[], byte[]> consumer = kafka.clients().consumer("compare", null, Map.of())) {
      Set<String> compared = compared(kafka.clients().admin());
      Set<String> compacted = compacted(kafka.clients().admin(), compared);
      List<PartitionCount> counts =
          new MirrorCounts(AuditCommand.owner(state, data))
              .compare(consumer, compared::contains, TIMEOUT);
      return print(counts, compacted);
    } catch (IllegalStateException e) {
      throw new StackException("the topics cannot be compared: " + e.getMessage(), e);
    }
  }

  private Set<String> compared(Admin admin) throws InterruptedException {
    Set<String> there = RunningKafka.await(admin.listTopics().names());
    for (String topic : topics) {
      if (!there.contains(topic)) {
        throw new StackException("there is no topic " + topic + "; see ./millrace topics");
      }
    }
    return there.stream()
        .filter(topic -> topics.isEmpty() ? Topics.find(topic).isPresent() : topics.contains(topic))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> compacted(Admin admin, Set<String> topics)
      throws InterruptedException {
    List<ConfigResource> resources =
        topics.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    return RunningKafka.await(admin.describeConfigs(resources).all()).entrySet().stream()
        .filter(topic ->
            topic
                .getValue()
                .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                .value()
                .contains(TopicConfig.CLEANUP_POLICY_COMPACT))
        .map(topic -> topic.getKey().name())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static int print(List<PartitionCount> counts, Set<String> compacted) {
    System.out.printf(
        FORMAT, "TOPIC", "PARTITION", "ON KAFKA", "MIRRORED", "MISSING", "FURTHER", "BEHIND", "");
    long differing = 0;
    for (PartitionCount count : counts) {
      boolean equal = count.isEqual(compacted.contains(count.topic()));
      differing += equal ? 0 : 1;
      if (equal && count.isEmpty()) {
        continue;
      }
      System.out.printf(
          FORMAT,
          count.topic(),
          count.partition(),
          count.onKafka(),
          count.mirrored(),
          count.missing(),
          count.further(),
          count.behind(),
          equal ? "equal" : "differs");
    }
    System.out.printf("%d partitions compared, %d differ%n", counts.size(), differing);
    return differing == 0 ? 0 : 1;
  }
}
