package dev.millrace.repositories;

import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds repositories by name: those that {@code LOCAL_REPOSITORIES} puts on this machine, and all
 * others on GitHub.
 */
public final class Repositories {

  private static final URI GITHUB = URI.create("https://api.github.com");
  private static final String LOCAL = "LOCAL_REPOSITORIES";
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}/(?!\\.{1,2}$)[A-Za-z0-9_.-]{1,100}");

  private final Map<String, LocalRepository> local;
  private final GitHubApi github;

  private Repositories(Map<String, LocalRepository> local, GitHubApi github) {
    this.local = Map.copyOf(local);
    this.github = github;
  }

  /**
   * Reads {@code LOCAL_REPOSITORIES} ({@code owner/name=/path,owner/name=/path}), {@code
   * GITHUB_TOKEN} and {@code GITHUB_API_URL}. Nothing is opened or connected here.
   */
  public static Repositories from(Environment environment) {
    Map<String, LocalRepository> local = new LinkedHashMap<>();
    environment
        .pairs(LOCAL, Map.of())
        .forEach(
            (name, path) -> local.put(checkedName(name), new LocalRepository(name, path(path))));
    return new Repositories(
        local,
        new GitHubApi(
            environment.uri("GITHUB_API_URL", GITHUB),
            environment.optional("GITHUB_TOKEN").map(Secret::new)));
  }

  /** Whether this can be the name of a repository, {@code owner/name}. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static String checkedName(String name) {
    if (!isName(name)) {
      throw new ConfigurationException(
          LOCAL, "expected owner/name=/path,owner/name=/path, found '" + name + "'");
    }
    return name;
  }

  private static Path path(String path) {
    try {
      Path parsed = Path.of(path);
      if (parsed.isAbsolute()) {
        return parsed;
      }
    } catch (InvalidPathException e) {
      throw new ConfigurationException(LOCAL, "expected an absolute path, found '" + path + "'");
    }
    throw new ConfigurationException(LOCAL, "expected an absolute path, found '" + path + "'");
  }

  /**
   * The repository of this name; whether it exists shows when it is used.
   *
   * @param name {@code owner/name}
   * @throws RepositoryException with {@code not_found} if this can be no repository's name
   */
  public Repository repository(String name) {
    if (!isName(name)) {
      throw new RepositoryException(
          Reason.NOT_FOUND, "expected a repository as owner/name, found '" + name + "'");
    }
    LocalRepository here = local.get(name);
    return here == null ? new GitHubRepository(name, github) : here;
  }

  /** What GitHub does besides keeping files, also for repositories on this machine. */
  public GitHub github() {
    return new GitHub(github, local);
  }

  /** Names of the repositories on this machine, in alphabetical order. */
  public Set<String> local() {
    return new TreeSet<>(local.keySet());
  }
}
