package dev.millrace.repositories;

/**
 * A review that is on its pull request.
 *
 * @param url page that shows it
 * @param state what it counts as: {@code approved}, {@code changes_requested}, {@code commented} or
 *     {@code dismissed}
 * @param alreadyThere whether it was posted before, for the same task
 */
public record PostedReview(String url, String state, boolean alreadyThere) {}
