package dev.millrace.gateway;

import dev.millrace.runtime.app.AppMain;

/** Runs the gateway as a process of its own. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    AppMain.run(new IngestGatewayApp());
  }
}
