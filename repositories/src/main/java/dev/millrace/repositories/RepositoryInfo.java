package dev.millrace.repositories;

import org.jspecify.annotations.Nullable;

/**
 * What GitHub says about a repository.
 *
 * @param name {@code owner/name}
 * @param url page that shows it
 * @param cloneUrl address to clone from, without credentials
 */
public record RepositoryInfo(
    String name,
    @Nullable String description,
    boolean isPrivate,
    String defaultBranch,
    String url,
    String cloneUrl) {}
