package dev.millrace.runtime.management;

import dev.millrace.runtime.config.Environment;

/**
 * Where the management endpoints listen.
 *
 * @param host address to bind
 * @param port port, or 0 for a free one
 */
public record ManagementConfig(String host, int port) {

  private static final int DEFAULT_PORT = 9404;

  public static ManagementConfig from(Environment environment) {
    return new ManagementConfig(
        environment.string("MANAGEMENT_HOST", "127.0.0.1"),
        environment.integer("MANAGEMENT_PORT", DEFAULT_PORT, 0, 65_535));
  }
}
