package dev.millrace.health.project;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A project that is watched.
 *
 * @param name its name, the key of everything about it
 * @param url address that answers with success while the project is well
 */
public record Project(String name, URI url) {

  /** What a name may be, in words. */
  public static final String NAME_RULE = "1 to 100 letters, digits, dots, dashes or underscores";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final String VARIABLE = "PROJECTS";
  private static final int MAX_PROJECTS = 1_000;

  /** Whether a project may be called so. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Reads {@code PROJECTS}: {@code name:url,name:url}. The first colon ends the name; the others
   * belong to the address.
   */
  public static List<Project> from(Environment environment) {
    List<Project> projects = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String entry : environment.list(VARIABLE, List.of())) {
      Project project = parse(entry);
      if (!names.add(project.name())) {
        throw new ConfigurationException(
            VARIABLE, "expected each name once, found '" + project.name() + "' again");
      }
      projects.add(project);
    }
    if (projects.size() > MAX_PROJECTS) {
      throw new ConfigurationException(
          VARIABLE, "expected at most " + MAX_PROJECTS + " projects, found " + projects.size());
    }
    return projects;
  }

  private static Project parse(String entry) {
    int colon = entry.indexOf(':');
    if (colon < 1 || !isName(entry.substring(0, colon))) {
      throw malformed(entry);
    }
    try {
      URI url = new URI(entry.substring(colon + 1));
      boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!isHttp || url.getHost() == null) {
        throw malformed(entry);
      }
      return new Project(entry.substring(0, colon), url);
    } catch (URISyntaxException e) {
      throw malformed(entry);
    }
  }

  private static ConfigurationException malformed(String entry) {
    return new ConfigurationException(
        VARIABLE,
        "expected name:url, such as chatbot:http://localhost:3011, found '" + entry + "'");
  }
}
