package dev.millrace.standalone.reset;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.kafka.ReadAgainMarks;
import dev.millrace.schemas.event.ReplayMark;
import dev.millrace.standalone.embedded.StackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Takes the groups of an app back to a point in time: what they have read since then they read
 * again, marked as a replay, and what a Streams app remembers it forgets and learns again from
 * those records. The app must not run meanwhile.
 *
 * <p>Of share groups only those go back whose work ends the same however often it is done, and only
 * when nothing is left of it: what waits is delivered in any order, so that no offset tells what
 * was done from what was not.
 */
public final class AppReset {

  private static final int ANSWER_SECONDS = 30;
  private static final String CHANGELOG = "-changelog";
  private static final String REPARTITION = "-repartition";

  private static final Comparator<GroupReset.Step> ORDER =
      Comparator.<GroupReset.Step, String>comparing(step -> step.place().topic())
          .thenComparingInt(step -> step.place().partition());

  /** An index knows what it has, and in which state. */
  private static final Set<String> REPEATABLE = Set.of("embedding-worker-documents");

  private final Admin admin;

  public AppReset(Admin admin) {
    this.admin = admin;
  }

  /**
   * Finds out what a reset would do; changes nothing. The app may run.
   *
   * @throws StackException if the app has no group that can be reset
   */
  public List<GroupReset> plan(String app, Instant to) throws InterruptedException {
    List<GroupListing> groups =
        await(admin.listGroups(new ListGroupsOptions()).all()).stream()
            .filter(
                group -> group.groupId().contains(app) && !ReadAgainMarks.isOne(group.groupId()))
            .toList();
    List<GroupListing> resettable =
        groups.stream()
            .filter(AppReset::isResettable)
            .sorted(Comparator.comparing(GroupListing::groupId))
            .toList();
    if (groups.stream().anyMatch(group -> isOf(group, GroupType.STREAMS))) {
      throw new StackException(
          app + " uses the streams protocol: reset it with kafka-streams-groups.sh");
    }
    List<GroupReset> resets = new ArrayList<>();
    for (GroupListing group : resettable) {
      GroupReset reset =
          isOf(group, GroupType.SHARE)
              ? planShared(group.groupId(), to.toEpochMilli())
              : planOrdered(group.groupId(), to.toEpochMilli());
      if (!reset.steps().isEmpty()) {
        resets.add(reset);
      }
    }
    if (resets.isEmpty() && !resettable.isEmpty()) {
      throw new StackException(app + " has read nothing yet that it could read again");
    }
    if (resets.isEmpty()) {
      throw new StackException(
          app
              + " reads nothing by offsets that could be reset: its work comes from share groups,"
              + " and ./millrace replay repeats it");
    }
    return resets;
  }

  private static boolean isResettable(GroupListing group) {
    return isOf(group, GroupType.CLASSIC)
        || isOf(group, GroupType.CONSUMER)
        || REPEATABLE.contains(group.groupId());
  }

  private static boolean isOf(GroupListing group, GroupType type) {
    return group.type().filter(type::equals).isPresent();
  }

  /**
   * A share group that has nothing left to do stands at the ends of its partitions. Its own starts
   * are behind them: what it did last is only noted beside them.
   */
  private GroupReset planShared(String group, long toMs) throws InterruptedException {
    Map<TopicPartition, Long> ends = new HashMap<>();
    offsets(shareOffsets(group).keySet(), OffsetSpec.latest())
        .forEach((place, end) -> ends.put(place, end.offset()));
    return new GroupReset(group, true, steps(ends, toMs), List.of());
  }

  /** Where a share group stands, where it stands anywhere. */
  private Map<TopicPartition, SharePartitionOffsetInfo> shareOffsets(String group)
      throws InterruptedException {
    return await(
            admin
                .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(group))
        .entrySet()
        .stream()
        .filter(place -> place.getValue() != null && place.getValue().startOffset() >= 0)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private GroupReset planOrdered(String group, long toMs) throws InterruptedException {
    Map<TopicPartition, Long> committed =
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .entrySet()
            .stream()
            .filter(entry -> entry.getValue() != null && !isInternal(group, entry.getKey().topic()))
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    List<String> state =
        await(admin.listTopics().names()).stream()
            .filter(topic -> isInternal(group, topic))
            .sorted()
            .toList();
    return new GroupReset(group, false, steps(committed, toMs), state);
  }

  /** The way of each partition back to its first record of that time or later. */
  private List<GroupReset.Step> steps(Map<TopicPartition, Long> stands, long toMs)
      throws InterruptedException {
    return offsets(stands.keySet(), OffsetSpec.forTimestamp(toMs)).entrySet().stream()
        .map(found -> {
          long from = Objects.requireNonNull(stands.get(found.getKey()));
          long first = found.getValue().offset();
          return new GroupReset.Step(
              found.getKey(), from, first < 0 ? from : Math.min(first, from));
        })
        .sorted(ORDER)
        .toList();
  }

  private Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Set<TopicPartition> places, OffsetSpec which) throws InterruptedException {
    return await(
        admin
            .listOffsets(places.stream().collect(Collectors.toMap(Function.identity(), _ -> which)))
            .all());
  }

  private static boolean isInternal(String group, String topic) {
    return topic.startsWith(group + "-")
        && (topic.endsWith(CHANGELOG) || topic.endsWith(REPARTITION));
  }

  /**
   * Looks whether an app is ready for a reset.
   *
   * @throws StackException if it runs, or has work that is not done yet
   */
  public void requireIdle(String app, List<GroupReset> resets) throws InterruptedException {
    for (GroupReset reset : resets) {
      if (hasMembers(reset)) {
        throw new StackException(
            "%s runs; stop it first: ./millrace down, then ./millrace up --detach --without %s"
                .formatted(app, app));
      }
      long left = reset.shared() ? left(reset.group()) : 0;
      if (left > 0) {
        throw new StackException(
            ("%s has %d deliveries left to do, which a reset would take for done; let it run until"
                    + " ./millrace status shows no lag")
                .formatted(app, left));
      }
    }
  }

  private boolean hasMembers(GroupReset reset) throws InterruptedException {
    List<String> group = List.of(reset.group());
    Stream<? extends Collection<?>> members =
        reset.shared()
            ? await(admin.describeShareGroups(group).all()).values().stream()
                .map(ShareGroupDescription::members)
            : await(admin.describeConsumerGroups(group).all()).values().stream()
                .map(ConsumerGroupDescription::members);
    return !members.allMatch(Collection::isEmpty);
  }

  private long left(String group) throws InterruptedException {
    long left = 0;
    for (SharePartitionOffsetInfo info : shareOffsets(group).values()) {
      left +=
          info.lag()
              .orElseThrow(() ->
                  new StackException(
                      "the broker does not say how much %s has left to do".formatted(group)));
    }
    return left;
  }

  /**
   * Carries a plan out. What is read again is marked first, so that a reset that is interrupted has
   * no effects either; it can be repeated.
   *
   * @throws StackException if the app runs, or has work that is not done yet
   */
  public void apply(String app, List<GroupReset> resets, ReplayMark mark)
      throws InterruptedException {
    requireIdle(app, resets);
    for (GroupReset reset : resets) {
      await(
          admin
              .alterConsumerGroupOffsets(ReadAgainMarks.groupOf(reset.group()), ends(reset, mark))
              .all());
      if (!reset.state().isEmpty()) {
        await(admin.deleteTopics(reset.state()).all());
      }
      await(moved(reset));
    }
  }

  private KafkaFuture<Void> moved(GroupReset reset) {
    Map<TopicPartition, Long> starts = new HashMap<>();
    reset.steps().forEach(step -> starts.put(step.place(), step.to()));
    return reset.shared()
        ? admin.alterShareGroupOffsets(reset.group(), starts).all()
        : admin
            .alterConsumerGroupOffsets(
                reset.group(),
                starts.entrySet().stream()
                    .collect(
                        Collectors.toMap(
                            Map.Entry::getKey, start -> new OffsetAndMetadata(start.getValue()))))
            .all();
  }

  /** An earlier reset may have gone further than the group has come since. */
  private Map<TopicPartition, OffsetAndMetadata> ends(GroupReset reset, ReplayMark mark)
      throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> before =
        await(
            admin
                .listConsumerGroupOffsets(ReadAgainMarks.groupOf(reset.group()))
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
