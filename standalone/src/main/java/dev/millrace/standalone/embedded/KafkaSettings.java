package dev.millrace.standalone.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The broker's configuration for one node on one machine: nothing is replicated, groups form and
 * notice a lost member fast, and disk and memory stay small.
 *
 * <p>Group intervals come in three (the value and the bounds that a group may be configured
 * within); the lower bound has to be lowered along with the value.
 */
final class KafkaSettings {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private static final String HEARTBEAT_MS = "500";

  /**
   * Every slot is a member. None waits for another to be missed, as each may take any record, and
   * what a dead one held comes back when its lock ends. But one that joins may be told only at its
   * second heartbeat that it has work.
   */
  private static final String SHARE_HEARTBEAT_MS = "1000";

  /** How long a group waits for a silent member: long enough for a busy two-core machine. */
  private static final String SESSION_MS = "10000";

  /** The shortest that a member of the classic protocol may ask for. */
  private static final String MIN_SESSION_MS = "1000";

  private static final int MIB = 1024 * 1024;

  private KafkaSettings() {}

  static Properties of(Path logs, int port, int controllerPort) {
    var all = new HashMap<String, String>();
    all.putAll(node(logs, port, controllerPort));
    all.putAll(internalTopics());
    all.putAll(groups());
    all.putAll(storage());
    var properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  private static Map<String, String> node(Path logs, int port, int controllerPort) {
    return Map.ofEntries(
        Map.entry("process.roles", "broker,controller"),
        Map.entry("node.id", Integer.toString(NODE_ID)),
        Map.entry("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort),
        Map.entry("controller.listener.names", CONTROLLER_LISTENER),
        Map.entry(
            "listeners",
            "BROKER://127.0.0.1:%d,%s://127.0.0.1:%d"
                .formatted(port, CONTROLLER_LISTENER, controllerPort)),
        Map.entry("advertised.listeners", "BROKER://127.0.0.1:" + port),
        Map.entry("inter.broker.listener.name", "BROKER"),
        Map.entry("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT"),
        Map.entry("log.dirs", logs.toString()),
        Map.entry("num.network.threads", "2"),
        Map.entry("num.io.threads", "4"),
        Map.entry("background.threads", "2"),
        // After a hard kill, the broker is let in again only when its last life has timed out.
        Map.entry("broker.heartbeat.interval.ms", "1000"),
        Map.entry("broker.session.timeout.ms", "4000"),
        Map.entry("auto.create.topics.enable", "false"),
        Map.entry("default.replication.factor", "1"),
        Map.entry("min.insync.replicas", "1"),
        Map.entry("message.max.bytes", Integer.toString(4 * MIB)),
        Map.entry("replica.fetch.max.bytes", Integer.toString(4 * MIB)));
  }

  private static Map<String, String> internalTopics() {
    var settings = new HashMap<String, String>();
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      settings.put(topic + ".num.partitions", "4");
      settings.put(topic + ".replication.factor", "1");
      settings.put(topic + ".segment.bytes", Integer.toString(16 * MIB));
    }
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    return settings;
  }

  private static Map<String, String> groups() {
    var settings = new HashMap<String, String>();
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.min.session.timeout.ms", MIN_SESSION_MS);
    settings.put("group.streams.initial.rebalance.delay.ms", "0");
    for (String kind : List.of("consumer", "share", "streams")) {
      String group = "group." + kind + ".";
      settings.put(group + "heartbeat.interval.ms", HEARTBEAT_MS);
      settings.put(group + "min.heartbeat.interval.ms", HEARTBEAT_MS);
      settings.put(group + "session.timeout.ms", SESSION_MS);
      settings.put(group + "min.session.timeout.ms", SESSION_MS);
      settings.put(group + "assignment.interval.ms", "100");
    }
    settings.put("group.share.heartbeat.interval.ms", SHARE_HEARTBEAT_MS);
    settings.put("group.share.min.heartbeat.interval.ms", SHARE_HEARTBEAT_MS);
    settings.put("group.share.initialize.retry.interval.ms", "1000");
    settings.put("group.share.max.size", "1000"); // one member is one slot, not one process
    settings.put("group.share.min.record.lock.duration.ms", "1000");
    return settings;
  }

  private static Map<String, String> storage() {
    return Map.of(
        // Seven days where a topic says nothing else.
        "log.retention.hours", "168",
        "log.segment.bytes", Integer.toString(64 * MIB),
        // Enough for such a segment: an entry of 8 and one of 12 bytes every 4096 bytes.
        "log.index.size.max.bytes", Integer.toString(MIB / 4),
        "log.cleaner.threads", "1",
        // Held as long as the broker runs; 8 MiB is room for 300,000 keys.
        "log.cleaner.dedupe.buffer.size", Integer.toString(8 * MIB));
  }
}
