package dev.millrace.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * An event of a live stream.
 *
 * @param id its number in the stream, to go on after it; not all streams have numbers
 * @param name what it is, for example {@code log}
 */
public record ServerEvent(Optional<String> id, String name, JsonNode data) {}
