package dev.millrace.remediation.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Durations;
import dev.millrace.runtime.config.Environment;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The hooks of this site: nothing is done for a project and action that have none. A hook for the
 * project wins over one for all projects ({@code *}).
 */
public final class HookTable {

  private static final String VARIABLE = "REMEDIATION_HOOKS";
  private static final String ANY = "*";
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_PORT = 65_535;
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(15);
  private static final Set<String> FIELDS =
      Set.of("project", "action", "command", "http", "timeout", "idempotent");
  private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH", "DELETE");

  private final Map<Target, Entry> entries;

  private record Target(String project, String action) {}

  /** What a hook is before it is known for which project. */
  private sealed interface Entry {

    Hook of(String project, String action);

    /** The same for all. */
    record Command(Hook.RunCommand hook) implements Entry {
      @Override
      public Hook of(String project, String action) {
        return hook;
      }
    }

    /** Each project and action may have an address of its own. */
    record Http(
        String method,
        String urlTemplate,
        Map<String, String> headers,
        Duration timeout,
        boolean idempotent)
        implements Entry {

      @Override
      public Hook.CallHttp of(String project, String action) {
        return new Hook.CallHttp(
            method, URI.create(filled(urlTemplate, project, action)), headers, timeout, idempotent);
      }

      /** Headers may carry credentials. */
      @Override
      public String toString() {
        return method + " " + urlTemplate;
      }
    }
  }

  private HookTable(Map<Target, Entry> entries) {
    this.entries = Map.copyOf(entries);
  }

  /**
   * Reads {@code REMEDIATION_HOOKS}, a JSON list.
   *
   * @throws ConfigurationException that names the entry and the field that is wrong
   */
  public static HookTable from(Environment environment) {
    Map<Target, Entry> entries = new HashMap<>();
    JsonNode list = read(environment.string(VARIABLE, "[]"));
    for (int i = 0; i < list.size(); i++) {
      JsonNode json = list.get(i);
      String place = "[" + i + "]";
      Target target = new Target(text(json, "project", place), text(json, "action", place));
      if (entries.put(target, entry(json, place, target)) != null) {
        throw wrong(place, "expected one hook for a project and action, found another before");
      }
    }
    return new HookTable(entries);
  }

  /** The hook for this project and action. */
  public Optional<Hook> find(String project, String action) {
    Entry own = entries.get(new Target(project, action));
    return Optional.ofNullable(own == null ? entries.get(new Target(ANY, action)) : own)
        .map(entry -> entry.of(project, action));
  }

  /** How many there are. */
  public int size() {
    return entries.size();
  }

  private static JsonNode read(String json) {
    try {
      JsonNode list = JSON.readTree(json);
      if (list.isArray()) {
        return list;
      }
    } catch (JsonProcessingException e) {
      throw wrong("", "expected a JSON list, found text that is not JSON");
    }
    throw wrong("", "expected a JSON list");
  }

  private static Entry entry(JsonNode json, String place, Target target) {
    Set<String> unknown = new HashSet<>();
    json.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    if (!unknown.isEmpty()) {
      throw wrong(place, "expected only " + FIELDS + ", found " + unknown);
    }
    if (json.has("command") == json.has("http")) {
      throw wrong(place, "expected either command or http");
    }
    Duration timeout = timeout(json, place);
    boolean idempotent = json.path("idempotent").asBoolean(false);
    return json.has("command")
        ? new Entry.Command(
            new Hook.RunCommand(command(json.get("command"), place), timeout, idempotent))
        : http(json.get("http"), place, target, timeout, idempotent);
  }

  private static List<String> command(JsonNode json, String place) {
    List<String> command = new ArrayList<>();
    json.forEach(part -> command.add(part.asText()));
    if (!json.isArray() || command.isEmpty() || command.getFirst().isBlank()) {
      throw wrong(place + ".command", "expected a list of the program and its arguments");
    }
    return command;
  }

  private static Entry http(
      JsonNode json, String place, Target target, Duration timeout, boolean idempotent) {
    String method = json.path("method").asText("POST");
    if (!METHODS.contains(method)) {
      throw wrong(place + ".http.method", "expected one of " + METHODS);
    }
    String template = text(json, "url", place + ".http");
    String project = target.project().equals(ANY) ? "example" : target.project();
    url(template, place + ".http.url", project, target.action());
    return new Entry.Http(
        method,
        template,
        headers(json.path("headers"), place + ".http.headers"),
        timeout,
        idempotent);
  }

  private static URI url(String template, String place, String project, String action) {
    try {
      URI url = URI.create(filled(template, project, action));
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null
          && url.getPort() <= MAX_PORT) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw wrong(place, "expected an http address");
    }
    throw wrong(place, "expected an http address");
  }

  /**
   * The address for a project and action. A template for all projects was checked with another one:
   * where this one's name cannot stand, such as one with an underscore in a host, the call fails.
   */
  private static String filled(String template, String project, String action) {
    return template.replace("{project}", encode(project)).replace("{action}", encode(action));
  }

  private static Map<String, String> headers(JsonNode json, String place) {
    Map<String, String> headers = new HashMap<>();
    HttpRequest.Builder request = HttpRequest.newBuilder();
    json.properties()
        .forEach(header -> {
          String value = header.getValue().asText();
          try {
            request.setHeader(header.getKey(), value);
          } catch (IllegalArgumentException e) {
            // Without its message, which may quote a credential.
            throw wrong(
                place + "." + header.getKey(),
                "expected a header that a client may set, with a value of visible characters");
          }
          headers.put(header.getKey(), value);
        });
    return headers;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Duration timeout(JsonNode json, String place) {
    String text = json.path("timeout").asText("");
    Optional<Duration> timeout =
        text.isBlank() ? Optional.of(DEFAULT_TIMEOUT) : Durations.parse(text);
    return timeout
        .filter(known -> known.isPositive() && known.compareTo(MAX_TIMEOUT) <= 0)
        .orElseThrow(
            () -> wrong(place + ".timeout", "expected more than 0s and at most 15m, such as 30s"));
  }

  private static String text(JsonNode entry, String field, String place) {
    String text = entry.path(field).asText("");
    if (text.isBlank()) {
      throw wrong(place + "." + field, "is required");
    }
    return text;
  }

  private static ConfigurationException wrong(String place, String expectation) {
    return new ConfigurationException(VARIABLE + place, expectation);
  }
}
