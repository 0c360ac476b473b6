package dev.millrace.schemas.trust;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Lets Avro make instances of the generated classes. Since 1.12.2 Avro refuses every class that
 * nobody vouched for. It finds this factory as a service when it parses its first schema, which
 * happens before any generated class is used, so that whoever adds this module to a project needs
 * to do nothing. The logical type itself has no meaning.
 */
public final class TrustedClasses implements LogicalTypes.LogicalTypeFactory {

  private static final String PACKAGES = "dev.millrace.schemas.";
  private static final String NAME = "millrace-trusted-classes";

  public TrustedClasses() {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> type.getName().startsWith(PACKAGES)));
  }

  @Override
  public LogicalType fromSchema(Schema schema) {
    return new LogicalType(NAME);
  }

  @Override
  public String getTypeName() {
    return NAME;
  }
}
