package dev.millrace.gateway.receipt;

import java.util.concurrent.CompletableFuture;

/**
 * A request on its way to being accepted.
 *
 * @param eventId identity of the event that it becomes
 * @param status HTTP status that will be answered
 * @param response body that will be answered
 * @param written completes when the event is durable
 */
public record Acceptance(
    String eventId, int status, String response, CompletableFuture<?> written) {}
