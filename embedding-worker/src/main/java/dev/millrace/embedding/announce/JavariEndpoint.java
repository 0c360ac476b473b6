package dev.millrace.embedding.announce;

import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * Where a platform takes events over HTTP.
 *
 * @param uri address to post to
 * @param apiKey key to show there
 */
public record JavariEndpoint(URI uri, Optional<Secret> apiKey) {}
