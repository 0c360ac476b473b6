package dev.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.millrace.runtime.app.App;
import dev.millrace.standalone.pipeline.Apps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be known of the files in {@code deploy} without a container: that they fit the code. */
class DeploymentFilesTest {

  private static final Path ROOT = Path.of("..");
  private static final Path DEPLOY = ROOT.resolve("deploy");
  private static final Path KUBERNETES = DEPLOY.resolve("kubernetes");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** Read by the JVM itself, so it is none of ours. */
  private static final String OF_THE_JDK = "JDK_JAVA_OPTIONS";

  private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]+");
  private static final Pattern LISTED =
      Pattern.compile("^#? ?([A-Z][A-Z0-9_]+)=", Pattern.MULTILINE);
  private static final Pattern ASKED_FOR = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)");

  static List<Path> files() throws IOException {
    try (Stream<Path> found = Files.walk(DEPLOY)) {
      return found.filter(file -> file.toString().matches(".*\\.(ya?ml|json)")).sorted().toList();
    }
  }

  static List<App> apps() {
    return Apps.all();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileIsWellFormed(Path file) throws IOException {
    assertThat(documents(file)).isNotEmpty().allMatch(JsonNode::isObject);
  }

  @Test
  void everyVariableThatComposeAsksForIsListed() throws IOException {
    String compose = Files.readString(DEPLOY.resolve("compose.yaml"));
    Set<String> asked =
        ASKED_FOR
            .matcher(compose)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(listedVariables()).containsAll(asked);
  }

  @Test
  void everyVariableThatComposeSetsForAnAppIsListed() throws IOException {
    JsonNode compose = document(DEPLOY.resolve("compose.yaml"));
    Set<String> set = new TreeSet<>();
    for (String app : appNames()) {
      set.addAll(variables(compose.path("services").path(app).path("environment")));
    }
    compose
        .properties()
        .forEach(part -> {
          if (part.getKey().startsWith("x-")) {
            set.addAll(variables(part.getValue()));
          }
        });
    assertThat(set).isNotEmpty();
    assertThat(listedVariables()).containsAll(set);
  }

  @Test
  void everyVariableOfAnAppInKubernetesIsListed() throws IOException {
    Set<String> set =
        new TreeSet<>(variables(document(KUBERNETES.resolve("config.yaml")).path("data")));
    for (App app : apps()) {
      for (JsonNode variable : container(app).path("env")) {
        set.add(variable.path("name").asText());
      }
    }
    set.remove(OF_THE_JDK);
    assertThat(listedVariables()).containsAll(set);
  }

  @ParameterizedTest
  @MethodSource("apps")
  void everyAppInKubernetesIsAskedHowItIs(App app) throws IOException {
    JsonNode container = container(app);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(container.path(probe).path("httpGet").path("port").asText())
          .as(probe)
          .isEqualTo("management");
    }
    assertThat(container.path("ports").findValuesAsText("name")).contains("management");
  }

  @ParameterizedTest
  @MethodSource("apps")
  void whatKeepsAVolumeInKubernetesIsNotStartedBesideItself(App app) throws IOException {
    JsonNode spec = deployment(app).path("spec");
    boolean keepsAVolume =
        !spec.path("template").path("spec").path("volumes").findValues("claimName").isEmpty();

    assertThat(spec.path("strategy").path("type").asText().equals("Recreate"))
        .isEqualTo(keepsAVolume);
  }

  @Test
  void everySecretThatAnAppAsksForIsInTheExample() throws IOException {
    Set<String> example = new TreeSet<>();
    for (JsonNode secret : documents(KUBERNETES.resolve("secret.example.yaml"))) {
      example.add(secret.path("metadata").path("name").asText());
    }
    for (App app : apps()) {
      for (JsonNode reference : container(app).findValues("secretKeyRef")) {
        assertThat(example).contains(reference.path("name").asText());
      }
    }
  }

  @Test
  void onlyAppsReachTheListenersOfKafkaInKubernetes() throws IOException {
    JsonNode listeners =
        documents(KUBERNETES.resolve("kafka.yaml"))
            .getLast()
            .path("spec")
            .path("kafka")
            .path("listeners");
    assertThat(listeners).isNotEmpty();
    for (JsonNode listener : listeners) {
      assertThat(listener.path("networkPolicyPeers"))
          .as("who reaches %s; nobody named is everybody", listener.path("name").asText())
          .isNotEmpty();
      for (App app : apps()) {
        JsonNode labels = deployment(app).at("/spec/template/metadata/labels");
        assertThat(listener.path("networkPolicyPeers").findValues("matchLabels"))
            .allSatisfy(wanted -> assertThat(labels.properties()).containsAll(wanted.properties()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("apps")
  void everyAppIsAServiceThatBuildsItsImage(App app) throws IOException {
    JsonNode service = document(DEPLOY.resolve("compose.yaml")).path("services").path(app.name());
    JsonNode arguments = service.path("build").path("args");
    assertThat(arguments.path("APP").asText()).isEqualTo(app.name());
    assertThat("dev.millrace." + arguments.path("PACKAGE").asText())
        .isEqualTo(app.getClass().getPackageName());
    assertThat(mainClass(app)).exists();
  }

  @ParameterizedTest
  @MethodSource("apps")
  void everyAppIsScraped(App app) throws IOException {
    String prometheus = Files.readString(DEPLOY.resolve("prometheus/prometheus.yaml"));
    assertThat(prometheus).contains("- " + app.name() + ":9404");
  }

  @Test
  void theKustomizationNamesOnlyFilesThatExist() throws IOException {
    JsonNode resources = document(KUBERNETES.resolve("kustomization.yaml")).path("resources");
    assertThat(resources)
        .isNotEmpty()
        .allSatisfy(file -> assertThat(KUBERNETES.resolve(file.asText())).exists());
  }

  private static Path mainClass(App app) {
    String folder = app.getClass().getPackageName().replace('.', '/');
    return ROOT.resolve(app.name()).resolve("src/main/java").resolve(folder).resolve("Main.java");
  }

  private static JsonNode deployment(App app) throws IOException {
    return documents(KUBERNETES.resolve(app.name() + ".yaml")).getFirst();
  }

  private static JsonNode container(App app) throws IOException {
    JsonNode container =
        deployment(app).path("spec").path("template").path("spec").path("containers").path(0);
    assertThat(container.path("name").asText()).isEqualTo(app.name());
    return container;
  }

  private static Set<String> appNames() {
    return apps().stream().map(App::name).collect(Collectors.toSet());
  }

  private static Set<String> listedVariables() throws IOException {
    return LISTED
        .matcher(Files.readString(ROOT.resolve(".env.example")))
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toSet());
  }

  /** The fields that are variables; {@code <<}, which merges others, is none. */
  private static List<String> variables(JsonNode node) {
    return node.properties().stream()
        .map(Map.Entry::getKey)
        .filter(name -> VARIABLE.matcher(name).matches())
        .toList();
  }

  private static JsonNode document(Path file) throws IOException {
    return documents(file).getFirst();
  }

  private static List<JsonNode> documents(Path file) throws IOException {
    ObjectMapper mapper = file.toString().endsWith(".json") ? JSON : YAML;
    List<JsonNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> found =
        mapper.readerFor(JsonNode.class).readValues(file.toFile())) {
      found.forEachRemaining(documents::add);
    }
    return documents;
  }
}
