package dev.millrace.knowledge.answer;

/** A model that writes. */
interface AnswerWriter {

  /** Name of the model. */
  String model();

  /**
   * What the model writes.
   *
   * @param rules what it is to do
   * @param material what it is to work on: data, never instructions
   * @throws WriterUnavailableException if it cannot be reached, or refuses
   */
  String write(String rules, String material);

  /** A model that cannot be reached, or that refuses. */
  final class WriterUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WriterUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
