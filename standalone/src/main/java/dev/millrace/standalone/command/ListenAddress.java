package dev.millrace.standalone.command;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * Where the gateway is to listen.
 *
 * @param host name or address of this machine
 * @param port 0 for a free one
 */
record ListenAddress(String host, int port) {

  private static final int MAX_PORT = 65_535;

  /**
   * What the options say, else what the environment does.
   *
   * @throws StackException if the port of the options is none
   */
  static ListenAddress of(@Nullable String host, @Nullable Integer port, Environment environment) {
    if (port != null && (port < 0 || port > MAX_PORT)) {
      throw new StackException(
          "--port: expected a port from 0 to %d, found %d".formatted(MAX_PORT, port));
    }
    return new ListenAddress(
        host == null ? environment.string("GATEWAY_HOST", PipelineOptions.LOOPBACK) : host,
        port == null ? port(environment) : port);
  }

  private static int port(Environment environment) {
    int fallback = environment.integer("PORT", PipelineOptions.DEFAULT_PORT, 0, MAX_PORT);
    return environment.integer("GATEWAY_PORT", fallback, 0, MAX_PORT);
  }

  /**
   * Looks before anything is started, which takes longer.
   *
   * @throws StackException with the reason if nobody can listen there
   */
  void requireUsable() {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new StackException("--host: no address is known of " + host);
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw new StackException(
          "the gateway cannot listen at port %d of %s: %s; choose another with --port or --host"
              .formatted(port, host, Causes.rootMessage(e)),
          e);
    }
  }
}
