package dev.millrace.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;

/** The rules between the modules; here all of them meet. */
@AnalyzeClasses(packages = "dev.millrace", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final Set<String> FOUNDATION = Set.of("schemas", "runtime");
  private static final Set<String> WITH_LIBRARIES =
      Set.of("schemas", "runtime", "knowledge", "repositories");

  /** What each module may use besides itself: an app never uses another app. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("schemas", Set.of()),
          entry("runtime", Set.of("schemas")),
          entry("knowledge", FOUNDATION),
          entry("repositories", FOUNDATION),
          entry("gateway", WITH_LIBRARIES),
          entry("router", FOUNDATION),
          entry("worker", WITH_LIBRARIES),
          entry("embedding", WITH_LIBRARIES),
          entry("learning", FOUNDATION),
          entry("health", FOUNDATION),
          entry("remediation", FOUNDATION));

  @ArchTest static final ArchRule modulesUseOnlyWhatTheyMay = eachModule();

  private static ArchRule eachModule() {
    CompositeArchRule all =
        CompositeArchRule.of(module("audit", FOUNDATION)).and(module("client", Set.of()));
    for (Map.Entry<String, Set<String>> module : MAY_USE.entrySet()) {
      all = all.and(module(module.getKey(), module.getValue()));
    }
    return all;
  }

  private static ArchRule module(String name, Set<String> mayUse) {
    return noClasses()
        .that()
        .resideInAPackage("dev.millrace." + name + "..")
        .should()
        .dependOnClassesThat(
            describe(
                "are of a module other than " + mayUse,
                type ->
                    !moduleOf(type).isEmpty()
                        && !moduleOf(type).equals(name)
                        && !mayUse.contains(moduleOf(type))));
  }

  /** The third part of a package's name, of those that are Millrace's. */
  private static String moduleOf(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.", -1);
    return parts.length > 2 && parts[0].equals("dev") && parts[1].equals("millrace")
        ? parts[2]
        : "";
  }

  @ArchTest
  static final ArchRule modulesHaveNoCycles =
      slices().matching("dev.millrace.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule aPackageIsAConceptNotALayer =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..",
              "..utils..",
              "..helper..",
              "..helpers..",
              "..impl..",
              "..model..",
              "..models..",
              "..common..",
              "..misc..");

  private static final String[] KAFKA = {"org.apache.kafka.."};

  private static final String[] POSTGRES = {
    "java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql.."
  };

  /** Besides the root of each app, which wires it. */
  private static final Set<String> KAFKA_RIM =
      Set.of(
          "audit.archive",
          "audit.chain",
          "audit.copy",
          "audit.deadletter",
          "audit.mirror",
          "audit.readmodel",
          "audit.rebuild",
          "audit.redact.Redactor",
          "audit.replay",
          "audit.stored",
          "embedding.consumer",
          "gateway.receipt",
          "gateway.reply",
          "gateway.stream",
          "health.flow",
          "router.storage",
          "router.topology",
          "router.workflow.topology",
          // Single classes of packages that are otherwise free of it.
          "embedding.push.PushHandler",
          "gateway.http.Failures",
          "health.analyst.DiagnosesOnRecord",
          "worker.run.KillListener");

  private static final Set<String> POSTGRES_RIM =
      Set.of(
          "audit.archive",
          "audit.chain",
          "audit.copy",
          "audit.deadletter",
          "audit.mirror",
          "audit.partition",
          "audit.readmodel",
          "audit.rebuild",
          "audit.replay",
          "audit.stored",
          "embedding.index",
          "embedding.record",
          "gateway.read",
          "knowledge.search",
          "knowledge.vector",
          "remediation.execution",
          "worker.budget.PostgresLedger",
          "worker.journal");

  /** Kafka stands at the rim: what an app decides can be tested without a broker. */
  @ArchTest
  static final ArchRule onlyTheRimUsesKafka =
      noClasses()
          .that(areInside(KAFKA_RIM))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(KAFKA);

  /** And so does Postgres. */
  @ArchTest
  static final ArchRule onlyTheRimUsesPostgres =
      noClasses()
          .that(areInside(POSTGRES_RIM))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(POSTGRES);

  @ArchTest
  static final ArchRule onlyTheGatewayServesHttp =
      noClasses()
          .that(areOfAnApp())
          .and()
          .resideOutsideOfPackages("dev.millrace.gateway..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.helidon.webserver..");

  /** Several apps live in one process: none reads its environment or ends it. */
  @ArchTest
  static final ArchRule anAppIsAGuestInItsProcess =
      noClasses()
          .that(areOfAnApp())
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "exit", int.class);

  /** And none keeps in a static field what it remembers: the others would remember it too. */
  @ArchTest
  static final ArchRule nothingStaticChanges =
      fields()
          .that()
          .areStatic()
          .should()
          .beFinal()
          .andShould()
          .notHaveRawType(
              describe(
                  "are made to be changed",
                  type ->
                      type.getPackageName().equals("java.util.concurrent.atomic")
                          || type.isAssignableTo(ConcurrentMap.class)
                          || type.isAssignableTo(Queue.class)
                          || type.isAssignableTo(ThreadLocal.class)));

  @ArchTest
  static void whatIsOfARimNeedsIt(JavaClasses classes) {
    assertThat(withoutUse(KAFKA_RIM, KAFKA, classes)).isEmpty();
    assertThat(withoutUse(POSTGRES_RIM, POSTGRES, classes)).isEmpty();
  }

  private static Set<String> withoutUse(Set<String> rim, String[] packages, JavaClasses classes) {
    Set<String> without = new TreeSet<>(rim);
    for (JavaClass type : classes) {
      if (type.getDirectDependenciesFromSelf().stream()
          .anyMatch(used -> resideInAnyPackage(packages).test(used.getTargetClass()))) {
        without.remove(place(type));
        without.remove(outermost(type));
      }
    }
    return without;
  }

  /** Of an app or a library of apps, and neither of its root nor of its rim. */
  private static DescribedPredicate<JavaClass> areInside(Set<String> rim) {
    return describe(
        "are of an app, inside of its rim",
        type -> {
          String place = place(type);
          return areOfAnApp().test(type)
              && place.contains(".")
              && !rim.contains(place)
              && !rim.contains(outermost(type));
        });
  }

  private static String place(JavaClass type) {
    return type.getPackageName().replace("dev.millrace.", "");
  }

  private static String outermost(JavaClass type) {
    return type.getName().replace("dev.millrace.", "").replaceAll("\\$.*", "");
  }

  private static DescribedPredicate<JavaClass> areOfAnApp() {
    Set<String> others = Set.of("", "schemas", "runtime", "standalone", "benchmarks");
    return describe("are of an app", type -> !others.contains(moduleOf(type)));
  }
}
