package dev.millrace.repositories;

import org.jspecify.annotations.Nullable;

/**
 * A pull request.
 *
 * @param number its number in the repository
 * @param state open or closed
 * @param merged whether it was merged
 * @param head branch that is to be merged
 * @param headSha newest commit of that branch
 * @param base branch that it is to be merged into
 * @param url page that shows it
 */
public record PullRequest(
    int number,
    String title,
    @Nullable String body,
    String state,
    boolean merged,
    String head,
    String headSha,
    String base,
    String url) {}
