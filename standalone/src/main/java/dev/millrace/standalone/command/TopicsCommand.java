package dev.millrace.standalone.command;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.standalone.pipeline.PipelineState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace topics}: what is on the broker. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    description = "List the topics: partitions, offsets in use, key and record type.",
    footer = {
      "",
      "OFFSETS counts offsets from the oldest to the newest record; transactions use some of them",
      "for markers, so it may be more than the number of records."
    })
public final class TopicsCommand implements Callable<Integer> {

  private static final String FORMAT = "%-32s %10s %12s  %-16s %s%n";

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Option(names = "--all", description = "Also the topics that apps keep for themselves.")
  private boolean all;

  @Override
  public Integer call() throws InterruptedException {
    try (RunningKafka kafka = new RunningKafka(PipelineState.of(data.path))) {
      Admin admin = kafka.clients().admin();
      Set<String> names = RunningKafka.await(admin.listTopics().names());
      List<String> shown =
          names.stream()
              .filter(name -> all || Topics.find(name).isPresent())
              .sorted(Comparator.naturalOrder())
              .toList();
      Map<String, TopicDescription> topics =
          RunningKafka.await(admin.describeTopics(shown).allTopicNames());
      Map<String, Long> offsets = offsets(admin, topics);
      System.out.printf(FORMAT, "TOPIC", "PARTITIONS", "OFFSETS", "KEY", "TYPE");
      for (TopicDescription described : new TreeMap<>(topics).values()) {
        String name = described.name();
        Topic<?> topic = Topics.find(name).orElse(null);
        System.out.printf(
            FORMAT,
            name,
            described.partitions().size(),
            offsets.get(name),
            topic == null ? "-" : topic.key(),
            topic == null ? "-" : topic.schema().getFullName());
      }
    }
    return 0;
  }

  private static Map<String, Long> offsets(Admin admin, Map<String, TopicDescription> topics)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> last = new HashMap<>();
    topics.forEach((name, topic) ->
        topic
            .partitions()
            .forEach(partition -> {
              TopicPartition place = new TopicPartition(name, partition.partition());
              first.put(place, OffsetSpec.earliest());
              last.put(place, OffsetSpec.latest());
            }));
    Map<String, Long> sums = new TreeMap<>();
    RunningKafka.await(admin.listOffsets(last).all())
        .forEach((place, end) -> sums.merge(place.topic(), end.offset(), Long::sum));
    RunningKafka.await(admin.listOffsets(first).all())
        .forEach((place, begin) -> sums.merge(place.topic(), -begin.offset(), Long::sum));
    return sums;
  }
}
