package dev.millrace.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Checks the page as a browser would find it below {@code /}: nothing is missing, nothing comes
 * from elsewhere, and nothing needs more than {@code default-src 'self'} of a content security
 * policy.
 */
class StaticPageTest {

  private static final Path ROOT = Path.of("src/main/resources/dashboard");
  private static final Path PAGE = ROOT.resolve("index.html");
  private static final Pattern IMPORT =
      Pattern.compile("^(?:import|export)\\s(?:[^;]*?\\sfrom\\s)?\"([^\"]+)\";", Pattern.MULTILINE);
  private static final Pattern EXPORTED_NAMES =
      Pattern.compile(
          "^export (?:async )?(?:function|class|const) (\\w+)|^export \\{([^}]*)}",
          Pattern.MULTILINE);
  private static final Pattern IMPORTED_NAMES =
      Pattern.compile("^import \\{([^}]*)} from \"(\\.[^\"]+)\";", Pattern.MULTILINE);
  private static final Pattern WEB_ADDRESS = Pattern.compile("(?:https?:)?//[a-z0-9.-]+\\.[a-z]+");
  private static final Pattern RAW_MARKUP =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|"
              + "dangerouslySetInnerHTML");
  private static final String SVG_NAMESPACE = "http://www.w3.org/2000/svg";

  static List<Path> files() throws IOException {
    try (Stream<Path> found = Files.walk(ROOT)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static List<Path> modules() throws IOException {
    return files().stream().filter(file -> file.toString().endsWith(".js")).toList();
  }

  @Test
  void thePageIsWellFormed() throws Exception {
    assertThat(page().getDocumentElement().getTagName()).isEqualTo("html");
  }

  @Test
  void thePageHasNoInlineScriptsStylesOrHandlers() throws Exception {
    for (Element element : elements(page())) {
      if (element.getTagName().equals("script")) {
        assertThat(element.getAttribute("src")).isNotBlank();
        assertThat(element.getTextContent()).isBlank();
      }
      assertThat(element.getTagName()).isNotEqualTo("style");
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        assertThat(element.getAttributes().item(i).getNodeName())
            .doesNotStartWith("on")
            .isNotEqualTo("style");
      }
    }
  }

  @Test
  void everythingThePageNamesExists() throws Exception {
    for (Element element : elements(page())) {
      for (String attribute : List.of("src", "href")) {
        if (element.hasAttribute(attribute)) {
          assertThat(bytes(element.getAttribute(attribute), PAGE)).isNotEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyImportResolves(Path module) throws IOException {
    for (String imported : imports(module)) {
      assertThat(imported).as("only addresses resolve without an import map").matches("[./].*");
      assertThat(bytes(imported, module)).as(imported).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyImportedNameIsExported(Path module) throws IOException {
    for (MatchResult found : matches(IMPORTED_NAMES, Files.readString(module))) {
      Path imported = module.resolveSibling(found.group(2)).normalize();
      assertThat(exports(imported)).as(imported.toString()).containsAll(names(found.group(1)));
    }
  }

  @Test
  void everyModuleIsReachedFromThePage() throws IOException {
    Set<Path> reached = new HashSet<>();
    reach(ROOT.resolve("app.js"), reached);
    assertThat(modules()).containsExactlyInAnyOrderElementsOf(reached);
  }

  @ParameterizedTest
  @MethodSource("files")
  void nothingComesFromElsewhere(Path file) throws IOException {
    String text = Files.readString(file).replace(SVG_NAMESPACE, "");
    assertThat(WEB_ADDRESS.matcher(text).results().map(MatchResult::group)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void noModuleWritesMarkup(Path module) throws IOException {
    assertThat(RAW_MARKUP.matcher(Files.readString(module)).results().map(MatchResult::group))
        .isEmpty();
  }

  private static void reach(Path module, Set<Path> reached) throws IOException {
    if (reached.add(module)) {
      for (String imported : imports(module)) {
        if (imported.startsWith(".")) {
          reach(module.resolveSibling(imported).normalize(), reached);
        }
      }
    }
  }

  private static List<String> imports(Path module) throws IOException {
    return matches(IMPORT, Files.readString(module)).stream().map(match -> match.group(1)).toList();
  }

  private static Set<String> exports(Path module) throws IOException {
    Set<String> exported = new TreeSet<>();
    for (MatchResult found : matches(EXPORTED_NAMES, Files.readString(module))) {
      if (found.group(1) != null) {
        exported.add(found.group(1));
      } else {
        exported.addAll(names(found.group(2)));
      }
    }
    return exported;
  }

  private static List<String> names(String list) {
    return Stream.of(list.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
  }

  private static List<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  /** What the gateway serves at an address that stands in a file of the dashboard. */
  private static byte[] bytes(String address, Path from) {
    String path = URI.create(address).getPath();
    try {
      if (path.startsWith("/webjars/")) {
        return webJar(path);
      }
      Path file =
          path.startsWith("/") ? ROOT.resolve(path.substring(1)) : from.resolveSibling(path);
      return Files.readAllBytes(file.normalize());
    } catch (IOException e) {
      throw new UncheckedIOException(address + " does not exist", e);
    }
  }

  private static byte[] webJar(String path) throws IOException {
    try (InputStream in =
        StaticPageTest.class.getClassLoader().getResourceAsStream("META-INF/resources" + path)) {
      assertThat(in).as("%s is in no WebJar on the class path", path).isNotNull();
      return in.readAllBytes();
    }
  }

  private static Document page() throws IOException, SAXException, ParserConfigurationException {
    String html = Files.readString(PAGE);
    assertThat(html).startsWith("<!doctype html>");
    String xml = html.substring("<!doctype html>".length()).strip();
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
  }

  private static List<Element> elements(Document document) {
    NodeList found = document.getElementsByTagName("*");
    return Stream.iterate(0, i -> i + 1)
        .limit(found.getLength())
        .map(found::item)
        .filter(node -> node.getNodeType() == Node.ELEMENT_NODE)
        .map(Element.class::cast)
        .toList();
  }
}
