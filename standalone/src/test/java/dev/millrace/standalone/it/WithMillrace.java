package dev.millrace.standalone.it;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the {@link Millrace} of this build: started at the first, stopped after the last. */
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
        .computeIfAbsent("millrace", key -> start(), Millrace.class);
  }

  private static Millrace start() {
    try {
      return new Millrace();
    } catch (Exception e) {
      throw new IllegalStateException("the pipeline cannot be started: " + e, e);
    }
  }
}
