package dev.millrace.remediation.hook;

/** Runs hooks of every kind. */
public final class Hooks implements HookRunner {

  private final CommandRunner commands;
  private final HttpCaller http;

  /**
   * @param app name of the app, the prefix of its threads
   */
  public Hooks(String app) {
    this.commands = new CommandRunner(app);
    this.http = new HttpCaller();
  }

  @Override
  public HookResult run(Hook hook, HookCall call) throws InterruptedException {
    return switch (hook) {
      case Hook.RunCommand command -> commands.run(command, call);
      case Hook.CallHttp request -> http.call(request, call);
    };
  }
}
