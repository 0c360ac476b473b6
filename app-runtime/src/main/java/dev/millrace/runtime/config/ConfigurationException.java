package dev.millrace.runtime.config;

/** A variable of the environment is missing or wrong; the message names it. */
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String variable;
  private final String expectation;

  public ConfigurationException(String variable, String expectation) {
    super(variable + ": " + expectation);
    this.variable = variable;
    this.expectation = expectation;
  }

  /** The variable, by its name. */
  public String variable() {
    return variable;
  }

  /** What was expected and what was found. */
  public String expectation() {
    return expectation;
  }
}
