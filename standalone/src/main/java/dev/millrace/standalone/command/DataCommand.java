package dev.millrace.standalone.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command about the pipeline of a data directory. */
abstract class DataCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  DataOption data;
}
