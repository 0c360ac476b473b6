package dev.millrace.standalone.command;

import dev.millrace.runtime.kafka.ReadAgainMarks;
import dev.millrace.standalone.pipeline.Apps;
import dev.millrace.standalone.pipeline.PipelineState;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;

/** How many records each app is behind, over all its groups. */
final class Lags {

  private Lags() {}

  static Map<String, Long> byApp(PipelineState state) throws InterruptedException {
    Map<String, Long> lags = new TreeMap<>();
    try (RunningKafka kafka = new RunningKafka(state)) {
      Admin admin = kafka.clients().admin();
      for (GroupListing group :
          RunningKafka.await(admin.listGroups(new ListGroupsOptions()).all())) {
        if (ReadAgainMarks.isOne(group.groupId())) {
          continue; // where a reset ends is no place that anybody reads from
        }
        boolean shared = group.type().filter(GroupType.SHARE::equals).isPresent();
        long lag = shared ? shareLag(admin, group.groupId()) : lag(admin, group.groupId());
        lags.merge(appOf(group.groupId()), lag, Long::sum);
      }
    }
    return lags;
  }

  /** Groups are named after their app, with or without a prefix and a suffix. */
  private static String appOf(String group) {
    return Apps.all().stream()
        .map(app -> app.name())
        .filter(group::contains)
        .findFirst()
        .orElse(group);
  }

  private static long shareLag(Admin admin, String group) throws InterruptedException {
    return RunningKafka.await(
            admin
                .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(group))
        .values()
        .stream()
        .filter(Objects::nonNull)
        .mapToLong(info -> info.lag().orElse(0L))
        .sum();
  }

  private static long lag(Admin admin, String group) throws InterruptedException {
    Map<TopicPartition, Long> read =
        RunningKafka.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .entrySet()
            .stream()
            .filter(offset -> offset.getValue() != null)
            .collect(Collectors.toMap(Map.Entry::getKey, offset -> offset.getValue().offset()));
    Map<TopicPartition, OffsetSpec> latest =
        read.keySet().stream()
            .collect(Collectors.toMap(Function.identity(), place -> OffsetSpec.latest()));
    return RunningKafka.await(admin.listOffsets(latest).all()).entrySet().stream()
        .mapToLong(
            end -> Math.max(0, end.getValue().offset() - read.getOrDefault(end.getKey(), 0L)))
        .sum();
  }
}
