package dev.millrace.embedding;

import dev.millrace.runtime.app.AppMain;

/** Runs the embedding worker as a process of its own. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    AppMain.run(new EmbeddingWorkerApp());
  }
}
