package dev.millrace.standalone.command;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where the gateway is to listen.
 *
 * @param host name or address of this machine
 * @param port 0 for a free one
 */
record ListenAddress(String host, int port) {

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
