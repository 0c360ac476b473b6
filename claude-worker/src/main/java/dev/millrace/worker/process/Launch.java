package dev.millrace.worker.process;

import java.util.List;
import java.util.Map;

/** How the command of a run is started, and ended where its process is not all there is of it. */
interface Launch {

  /**
   * The process to start. It leads a session of its own, so that it can be signalled as a group.
   */
  List<String> commandLine();

  /** The whole environment of that process. */
  Map<String, String> environment();

  /**
   * What it is found by on this machine.
   *
   * @param pid number of the process that was started
   */
  String name(long pid);

  /** Ends what the process stands for, if that goes on when the process is killed. */
  void end();
}
