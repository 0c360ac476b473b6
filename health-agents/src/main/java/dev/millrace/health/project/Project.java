package dev.millrace.health.project;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.validation.HealthEvents;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A project that is watched.
 *
 * @param name its name, the key of everything about it
 * @param url address that answers with success while the project is well
 */
public record Project(String name, URI url) {

  private static final String PROJECTS = "PROJECTS";
  private static final int MAX_PROJECTS = 1_000;
  private static final int MAX_PORT = 65_535;

  /** The projects to probe. */
  public static List<Project> from(Environment environment) {
    return listedIn(PROJECTS, environment);
  }

  /**
   * Reads a variable such as {@code PROJECTS}: {@code name:url,name:url}. The first colon ends the
   * name; the others belong to the address.
   */
  public static List<Project> listedIn(String variable, Environment environment) {
    List<Project> projects = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> entries = environment.list(variable, List.of());
    for (int i = 0; i < entries.size(); i++) {
      int number = i + 1;
      Project project = parse(entries.get(i)).orElseThrow(() -> malformed(variable, number));
      if (!names.add(project.name())) {
        throw new ConfigurationException(
            variable, "expected each name once, found '" + project.name() + "' again");
      }
      projects.add(project);
    }
    if (projects.size() > MAX_PROJECTS) {
      throw new ConfigurationException(
          variable, "expected at most " + MAX_PROJECTS + " projects, found " + projects.size());
    }
    return projects;
  }

  /** Whether its address names more than the host. */
  public boolean namesPath() {
    String path = url.getPath();
    return path != null && !path.isEmpty() && !path.equals("/");
  }

  /** Its address, without a user and a password. */
  public String urlWithoutUserInfo() {
    String userInfo = url.getRawUserInfo();
    return userInfo == null ? url.toString() : url.toString().replace(userInfo + "@", "");
  }

  /** What a request to it has to show: the user and the password of its address, if it has them. */
  Optional<String> authorization() {
    // Decoded: what an address may not have stands in it in percent.
    return Optional.ofNullable(url.getUserInfo())
        .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
  }

  private static Optional<Project> parse(String entry) {
    int colon = entry.indexOf(':');
    if (colon < 1 || !HealthEvents.isProject(entry.substring(0, colon))) {
      return Optional.empty();
    }
    try {
      URI url = new URI(entry.substring(colon + 1));
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return isHttp && url.getHost() != null && url.getPort() <= MAX_PORT
          ? Optional.of(new Project(entry.substring(0, colon), url))
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Without what was found: any part of it may be one of a password with a comma in it. */
  private static ConfigurationException malformed(String variable, int number) {
    return new ConfigurationException(
        variable,
        "expected name:url, such as chatbot:http://localhost:3011, found something else as entry %d; a comma in an address is written %%2C"
            .formatted(number));
  }
}
