package dev.millrace.runtime.app;

import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Brings what libraries log through {@code java.util.logging} to where everything else is logged.
 */
public final class JulBridge {

  private JulBridge() {}

  /** Installs it for this process. */
  public static void install() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
