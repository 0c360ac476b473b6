package dev.millrace.gateway.auth;

/**
 * A user whose records a call is about.
 *
 * @param userId the user
 * @param tenant tenant of the user; empty without tenants
 */
public record Person(String userId, String tenant) {}
