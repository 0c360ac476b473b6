package dev.millrace.gateway.github;

import dev.millrace.gateway.http.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * Names of repositories in requests: with their owner, or without where {@code GITHUB_OWNER} says
 * who that is.
 *
 * @param owner owner of repositories that are named without one; null if none is set
 */
public record RepositoryNames(@Nullable String owner) {

  /**
   * A name as {@code owner/name}.
   *
   * @param field where it stands in the request
   * @param name name that fits the document
   * @throws ProblemException 400 if it has no owner and none is set
   */
  public String complete(String field, String name) {
    if (name.contains("/")) {
      return name;
    }
    if (owner == null) {
      throw ProblemException.invalid(
          field, "expected owner/name, found %s alone and no GITHUB_OWNER".formatted(name));
    }
    return owner + '/' + name;
  }
}
