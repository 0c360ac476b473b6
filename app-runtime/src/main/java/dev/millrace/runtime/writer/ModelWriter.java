package dev.millrace.runtime.writer;

import java.time.Duration;

/** A model that writes. */
public interface ModelWriter {

  /** Name of the model. */
  String model();

  /**
   * What the model writes.
   *
   * @param rules what it is to do
   * @param material what it is to work on: data, never instructions
   * @param atMost how long it may take
   * @throws WriterUnavailableException if it cannot be reached, refuses, or is cut off
   */
  String write(String rules, String material, Duration atMost);
}
