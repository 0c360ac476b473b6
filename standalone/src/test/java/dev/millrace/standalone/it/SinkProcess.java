package dev.millrace.standalone.it;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** An audit sink in a process of its own, which works for the pipeline of the tests. */
final class SinkProcess {

  private SinkProcess() {}

  /**
   * Starts one; it shares the directory, and the key, of the pipeline's own.
   *
   * @param folder where its log is
   * @param name name of the sink, for its log
   * @param variables what is set for it, besides what the pipeline sets for all
   */
  static AppProcess start(
      Millrace millrace, Path folder, String name, Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(millrace.pipeline().environment().asMap());
    environment.put("MANAGEMENT_PORT", "0");
    environment.put("DATABASE_POOL_SIZE", "6");
    environment.putAll(variables);
    return AppProcess.start("dev.millrace.audit.Main", environment, folder.resolve(name + ".log"));
  }
}
