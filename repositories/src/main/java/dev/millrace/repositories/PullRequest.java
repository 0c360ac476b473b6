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
 * @param mergeCommit commit that it was merged as: a merge commit, or the last one squashed or
 *     rebased; null unless it was merged
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
    @Nullable String mergeCommit,
    String base,
    String url) {}
