package dev.millrace.standalone.it;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** How long a delivery belongs to a worker that says nothing. */
final class ShareLocks {

  static final String EMBEDDING = "embedding-worker-documents";
  static final String JAVARI = "millrace-claude-worker-javari";

  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final Duration USUAL = Duration.ofSeconds(30);

  private ShareLocks() {}

  /** Deliveries to workers that are killed come again soon. */
  static void shorten(Millrace millrace, String group) {
    set(millrace, group, SHORT);
  }

  static void restore(Millrace millrace, String group) {
    set(millrace, group, USUAL);
  }

  private static void set(Millrace millrace, String group, Duration duration) {
    AlterConfigOp lock =
        new AlterConfigOp(
            new ConfigEntry("share.record.lock.duration.ms", Long.toString(duration.toMillis())),
            AlterConfigOp.OpType.SET);
    try {
      millrace
          .kafka()
          .admin()
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), List.of(lock)))
          .all()
          .get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
