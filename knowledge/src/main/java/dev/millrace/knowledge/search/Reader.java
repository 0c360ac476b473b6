package dev.millrace.knowledge.search;

/**
 * For whom a search is: preferences and ratings of the user move what the user finds.
 *
 * @param userId the user
 * @param tenant tenant of the user; empty without tenants
 */
public record Reader(String userId, String tenant) {}
