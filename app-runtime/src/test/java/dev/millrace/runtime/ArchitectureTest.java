package dev.millrace.runtime;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of this module; those between modules are tested where all of them meet. */
@AnalyzeClasses(
    packages = "dev.millrace.runtime",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule dependsOnNothingOfOursButSchemas =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe(
                  "are Millrace's, but neither of app-runtime nor schemas",
                  ArchitectureTest::isForeign));

  @ArchTest
  static final ArchRule configurationAndFailuresKnowNothingElse =
      noClasses()
          .that()
          .resideInAnyPackage("..runtime.config..", "..runtime.failure..", "..runtime.health..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "java.sql..", "io.helidon..");

  @ArchTest
  static final ArchRule onlyTheEdgesTalkToKafka =
      noClasses()
          .that()
          .resideOutsideOfPackages("..runtime.kafka..", "..runtime.share..", "..runtime.streams..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule onlyTheProcessReadsItsEnvironment =
      noClasses()
          .that()
          .doNotHaveSimpleName("Environment")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule onlyTheMainProgramExits =
      noClasses()
          .that()
          .doNotHaveSimpleName("AppMain")
          .should()
          .callMethod(System.class, "exit", int.class);

  private static boolean isForeign(JavaClass type) {
    String name = type.getPackageName() + ".";
    return name.startsWith("dev.millrace.")
        && !name.startsWith("dev.millrace.runtime.")
        && !name.startsWith("dev.millrace.schemas.");
  }
}
