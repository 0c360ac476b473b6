package dev.millrace.standalone.reset;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.kafka.ReadAgain;
import dev.millrace.schemas.event.ReplayMark;
import dev.millrace.standalone.embedded.StackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Takes the groups of an app back to a point in time: what they have read since then they read
 * again, marked as a replay, and what a Streams app remembers it forgets and learns again from
 * those records. The app must not run meanwhile.
 */
public final class AppReset {

  private static final int ANSWER_SECONDS = 30;
  private static final String CHANGELOG = "-changelog";
  private static final String REPARTITION = "-repartition";

  private static final Comparator<GroupReset.Step> ORDER =
      Comparator.<GroupReset.Step, String>comparing(step -> step.place().topic())
          .thenComparingInt(step -> step.place().partition());

  private final Admin admin;

  public AppReset(Admin admin) {
    this.admin = admin;
  }

  /**
   * Finds out what a reset would do; changes nothing.
   *
   * @throws StackException if the app runs, or has no group that can be reset
   */
  public List<GroupReset> plan(String app, Instant to) throws InterruptedException {
    List<GroupListing> groups =
        await(admin.listGroups(new ListGroupsOptions()).all()).stream()
            .filter(group -> group.groupId().contains(app) && !ReadAgain.isOne(group.groupId()))
            .toList();
    List<String> names =
        groups.stream()
            .filter(group -> isOf(group, GroupType.CLASSIC) || isOf(group, GroupType.CONSUMER))
            .map(GroupListing::groupId)
            .sorted()
            .toList();
    if (groups.stream().anyMatch(group -> isOf(group, GroupType.STREAMS))) {
      throw new StackException(
          app + " uses the streams protocol: reset it with kafka-streams-groups.sh");
    }
    List<GroupReset> resets = new ArrayList<>();
    for (String name : names) {
      requireEmpty(app, name);
      GroupReset reset = plan(name, to.toEpochMilli());
      if (!reset.steps().isEmpty()) {
        resets.add(reset);
      }
    }
    if (resets.isEmpty()) {
      throw new StackException(
          app
              + " reads nothing by offsets that could be reset: its work comes from share groups,"
              + " and ./millrace replay repeats it");
    }
    return resets;
  }

  private static boolean isOf(GroupListing group, GroupType type) {
    return group.type().filter(type::equals).isPresent();
  }

  private void requireEmpty(String app, String group) throws InterruptedException {
    boolean isEmpty =
        await(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
            .allMatch(description -> description.members().isEmpty());
    if (!isEmpty) {
      throw new StackException(
          "%s runs; stop it first: ./millrace down, then ./millrace up --detach --without %s"
              .formatted(app, app));
    }
  }

  private GroupReset plan(String group, long toMs) throws InterruptedException {
    Map<TopicPartition, Long> committed =
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .entrySet()
            .stream()
            .filter(entry -> entry.getValue() != null && !isInternal(group, entry.getKey().topic()))
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    Map<TopicPartition, OffsetSpec> asked =
        committed.keySet().stream()
            .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.forTimestamp(toMs)));
    List<GroupReset.Step> steps =
        await(admin.listOffsets(asked).all()).entrySet().stream()
            .map(found -> {
              long stands = Objects.requireNonNull(committed.get(found.getKey()));
              long first = found.getValue().offset();
              return new GroupReset.Step(
                  found.getKey(), stands, first < 0 ? stands : Math.min(first, stands));
            })
            .sorted(ORDER)
            .toList();
    List<String> state =
        await(admin.listTopics().names()).stream()
            .filter(topic -> isInternal(group, topic))
            .sorted()
            .toList();
    return new GroupReset(group, steps, state);
  }

  private static boolean isInternal(String group, String topic) {
    return topic.startsWith(group + "-")
        && (topic.endsWith(CHANGELOG) || topic.endsWith(REPARTITION));
  }

  /**
   * Carries a plan out. What is read again is marked first, so that a reset that is interrupted has
   * no effects either; it can be repeated.
   */
  public void apply(List<GroupReset> resets, ReplayMark mark) throws InterruptedException {
    for (GroupReset reset : resets) {
      await(
          admin
              .alterConsumerGroupOffsets(ReadAgain.groupOf(reset.group()), ends(reset, mark))
              .all());
      if (!reset.state().isEmpty()) {
        await(admin.deleteTopics(reset.state()).all());
      }
      Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
      reset.steps().forEach(step -> starts.put(step.place(), new OffsetAndMetadata(step.to())));
      await(admin.alterConsumerGroupOffsets(reset.group(), starts).all());
    }
  }

  /** An earlier reset may have gone further than the group has come since. */
  private Map<TopicPartition, OffsetAndMetadata> ends(GroupReset reset, ReplayMark mark)
      throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> before =
        await(
            admin
                .listConsumerGroupOffsets(ReadAgain.groupOf(reset.group()))
                .partitionsToOffsetAndMetadata());
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    for (GroupReset.Step step : reset.steps()) {
      OffsetAndMetadata earlier = before.get(step.place());
      long end = earlier == null ? step.from() : Math.max(step.from(), earlier.offset());
      ends.put(step.place(), new OffsetAndMetadata(end, mark.header()));
    }
    return ends;
  }

  private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StackException("the broker did not answer within " + ANSWER_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new StackException("the broker refused: " + Causes.rootMessage(e), e);
    }
  }
}
