package dev.millrace.gateway.github;

import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.schemas.task.TaskContext;
import java.util.List;
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

  /**
   * Where a task works: a repository, and further ones that it reads.
   *
   * @param field where its fields stand in the request
   * @param place has {@code repository} and {@code repositories}
   * @throws ProblemException 400 if a name has no owner, or there are further ones alone
   */
  public TaskContext.Builder place(String field, Body place) {
    String repository =
        place
            .optionalText("repository")
            .map(name -> complete(field + "/repository", name))
            .orElse(null);
    List<String> further =
        place.list("repositories").stream()
            .map(name -> complete(field + "/repositories", name))
            .filter(name -> !name.equals(repository))
            .distinct()
            .toList();
    if (repository == null && !further.isEmpty()) {
      throw ProblemException.invalid(
          field + "/repository", "is required with further repositories: results go there");
    }
    return TaskContext.newBuilder().setRepository(repository).setRepositories(further);
  }
}
