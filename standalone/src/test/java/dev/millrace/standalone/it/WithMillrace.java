package dev.millrace.standalone.it;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the {@link Millrace} of this build: started at the first, stopped after the last. One
 * that cannot be started is not tried again for each test.
 */
final class WithMillrace implements ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(WithMillrace.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Millrace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent("millrace", key -> start(), Start.class)
        .millrace();
  }

  private static Start start() {
    try {
      return new Started(new Millrace());
    } catch (Exception e) {
      return new Failed(e);
    }
  }

  private sealed interface Start {
    Millrace millrace();
  }

  private record Started(Millrace millrace) implements Start, AutoCloseable {
    @Override
    public void close() {
      millrace.close();
    }
  }

  private record Failed(Exception reason) implements Start {
    @Override
    public Millrace millrace() {
      throw new IllegalStateException("the pipeline cannot be started: " + reason, reason);
    }
  }
}
