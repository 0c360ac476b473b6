package dev.millrace.runtime.config;

/** A variable of the environment is missing or wrong; the message names it. */
public final class ConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ConfigurationException(String variable, String expectation) {
    super(variable + ": " + expectation);
  }
}
