package dev.millrace.worker.source;

import dev.millrace.repositories.Diff;
import org.jspecify.annotations.Nullable;

/**
 * The change that a run reviews.
 *
 * @param pullRequest number of its pull request on GitHub; null if it has none
 * @param commit commit, or else the branch, that is looked at
 * @param diff what it does: written by others, so data
 */
public record ReviewedChange(@Nullable Integer pullRequest, String commit, Diff diff) {}
