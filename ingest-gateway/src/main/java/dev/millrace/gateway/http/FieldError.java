package dev.millrace.gateway.http;

/**
 * What is wrong with one field of a request.
 *
 * @param field JSON pointer into the body, or the name of a query parameter or header
 * @param reason what was expected
 */
public record FieldError(String field, String reason) {}
