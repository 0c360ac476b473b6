package dev.millrace.standalone.it;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the {@link Millrace} of their JVM: started at the first that asks, stopped when the
 * JVM ends. JUnit's own stores are of no use for that, as each class is a run of its own where
 * classes are handed out to several JVMs. One that cannot be started is not tried again for each
 * test.
 */
final class WithMillrace implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Millrace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return TheOne.START.millrace();
  }

  private static Start start() {
    try {
      Millrace millrace = new Millrace();
      Runtime.getRuntime().addShutdownHook(new Thread(millrace::close, "stop-millrace"));
      return new Started(millrace);
    } catch (Exception e) {
      return new Failed(e);
    }
  }

  private static final class TheOne {
    static final Start START = start();
  }

  private sealed interface Start {
    Millrace millrace();
  }

  private record Started(Millrace millrace) implements Start {}

  private record Failed(Exception reason) implements Start {
    @Override
    public Millrace millrace() {
      throw new IllegalStateException("the pipeline cannot be started: " + reason, reason);
    }
  }
}
