package dev.millrace.standalone.pipeline;

import java.util.List;
import java.util.Map;

/**
 * What can be asked of a pipeline.
 *
 * @param host address the gateway listens at
 * @param port port of the gateway, or 0 for a free one
 * @param environment variables for the apps: what a site may set, over the defaults of standalone
 * @param apps names of the apps to start
 */
public record PipelineOptions(
    String host, int port, Map<String, String> environment, List<String> apps) {

  public static final String LOOPBACK = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;

  public PipelineOptions {
    environment = Map.copyOf(environment);
    apps = List.copyOf(apps);
  }

  /** All apps. */
  public PipelineOptions(String host, int port, Map<String, String> environment) {
    this(host, port, environment, Apps.names());
  }
}
