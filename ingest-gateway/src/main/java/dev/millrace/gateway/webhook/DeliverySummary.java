package dev.millrace.gateway.webhook;

import dev.millrace.gateway.http.ProblemException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The few fields of a delivery that the gateway needs, read in one pass without building a tree.
 *
 * @param repository {@code repository.full_name}
 * @param organization {@code organization.login}
 * @param sender {@code sender.login}
 * @param action {@code action}
 * @param ref {@code ref}
 */
record DeliverySummary(
    @Nullable String repository,
    @Nullable String organization,
    @Nullable String sender,
    @Nullable String action,
    @Nullable String ref) {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** Key of a delivery that is about neither a repository nor an organization. */
  private static final String NO_REPOSITORY = "-";

  /**
   * Reads a delivery to its end.
   *
   * @throws ProblemException 400 if it is not a JSON object
   */
  static DeliverySummary read(byte[] body) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ProblemException.malformed("expected a JSON object");
      }
      DeliverySummary summary = readObject(parser);
      if (parser.nextToken() != null) {
        throw ProblemException.malformed("expected nothing after the JSON object");
      }
      return summary;
    } catch (JacksonException e) {
      throw ProblemException.malformed("expected JSON: " + e.getOriginalMessage());
    }
  }

  /** What the delivery is about: the key of its event. */
  String subject() {
    if (repository != null) {
      return repository;
    }
    return organization == null ? NO_REPOSITORY : organization;
  }

  private static DeliverySummary readObject(JsonParser parser) {
    String repository = null;
    String organization = null;
    String sender = null;
    String action = null;
    String ref = null;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "repository" -> repository = member(parser, value, "full_name");
        case "organization" -> organization = member(parser, value, "login");
        case "sender" -> sender = member(parser, value, "login");
        case "action" -> action = text(parser, value);
        case "ref" -> ref = text(parser, value);
        default -> parser.skipChildren();
      }
    }
    return new DeliverySummary(repository, organization, sender, action, ref);
  }

  private static @Nullable String member(JsonParser parser, JsonToken value, String wanted) {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return null;
    }
    String found = null;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken member = parser.nextToken();
      if (name.equals(wanted)) {
        found = text(parser, member);
      } else {
        parser.skipChildren();
      }
    }
    return found;
  }

  private static @Nullable String text(JsonParser parser, JsonToken value) {
    if (value == JsonToken.VALUE_STRING) {
      String text = parser.getString();
      return text.isBlank() ? null : text;
    }
    parser.skipChildren();
    return null;
  }
}
