package dev.millrace.runtime.app;

/** One app: a name, and how it is wired from its configuration. */
public interface App {

  /** Its name, that of its module: part of client ids, group ids and log lines. */
  String name();

  /**
   * Reads its configuration and adds its components to the context in the order in which they
   * start. Nothing is connected or started here.
   *
   * @throws dev.millrace.runtime.config.ConfigurationException if a variable is wrong
   */
  void wire(AppContext context);
}
