package dev.millrace.runtime.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Variables that configure an app. An empty variable counts as absent. Every getter throws a {@link
 * ConfigurationException} that names the variable, what was expected and, unless it may be a
 * secret, what was found.
 */
public final class Environment {

  private final Map<String, String> variables;

  private Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** The variables of this process. */
  public static Environment system() {
    return new Environment(System.getenv());
  }

  public static Environment of(Map<String, String> variables) {
    return new Environment(variables);
  }

  /** These variables, and on top of them others that win. */
  public Environment with(Map<String, String> overrides) {
    Map<String, String> merged = new HashMap<>(variables);
    merged.putAll(overrides);
    return new Environment(merged);
  }

  /** All variables. */
  public Map<String, String> asMap() {
    return variables;
  }

  public Optional<String> optional(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  public String required(String name) {
    return optional(name)
        .orElseThrow(() -> new ConfigurationException(name, "is required and not set"));
  }

  public String string(String name, String defaultValue) {
    return optional(name).orElse(defaultValue);
  }

  public boolean bool(String name, boolean defaultValue) {
    return optional(name)
        .map(value ->
            switch (value) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new ConfigurationException(name, expected("true or false", value));
            })
        .orElse(defaultValue);
  }

  /** A whole number within a range, both ends included. */
  public int integer(String name, int defaultValue, int min, int max) {
    return optional(name)
        .map(value -> {
          try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
              return number;
            }
          } catch (NumberFormatException e) {
            throw notAnInteger(name, value, min, max);
          }
          throw notAnInteger(name, value, min, max);
        })
        .orElse(defaultValue);
  }

  private static ConfigurationException notAnInteger(String name, String value, int min, int max) {
    return new ConfigurationException(
        name, expected("a whole number from " + min + " to " + max, value));
  }

  /** A number within a range, both ends included. */
  public double decimal(String name, double defaultValue, double min, double max) {
    return optional(name)
        .map(value -> {
          String range = "a number from " + min + " to " + max;
          double number;
          try {
            number = Double.parseDouble(value);
          } catch (NumberFormatException e) {
            throw new ConfigurationException(name, expected(range, value));
          }
          if (!(number >= min && number <= max)) {
            throw new ConfigurationException(name, expected(range, value));
          }
          return number;
        })
        .orElse(defaultValue);
  }

  /** A duration with its unit: {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}. */
  public Duration duration(String name, Duration defaultValue) {
    return optional(name)
        .map(value ->
            Durations.parse(value)
                .orElseThrow(() ->
                    new ConfigurationException(
                        name, expected("a duration such as 250ms, 10s, 5m, 2h or 7d", value))))
        .orElse(defaultValue);
  }

  /** A size in bytes with its unit: {@code 512B}, {@code 64KB}, {@code 25MB}, {@code 1GB}. */
  public long bytes(String name, long defaultBytes) {
    return optional(name)
        .map(value ->
            ByteSizes.parse(value)
                .orElseThrow(() ->
                    new ConfigurationException(
                        name, expected("a size such as 512B, 64KB, 25MB or 1GB", value))))
        .orElse(defaultBytes);
  }

  public Optional<URI> uri(String name) {
    return optional(name).map(value -> parseUri(name, value));
  }

  public URI uri(String name, URI defaultValue) {
    return uri(name).orElse(defaultValue);
  }

  private static URI parseUri(String name, String value) {
    String expectation = "an address such as http://localhost:8081";
    try {
      URI uri = new URI(value);
      if (uri.getScheme() != null && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new ConfigurationException(name, expected(expectation, value));
    }
    throw new ConfigurationException(name, expected(expectation, value));
  }

  /** Values separated by commas. */
  public List<String> list(String name, List<String> defaultValue) {
    return optional(name)
        .map(value ->
            Arrays.stream(value.split(",")).map(String::strip).filter(v -> !v.isEmpty()).toList())
        .orElse(defaultValue);
  }

  /** Pairs separated by commas, {@code key=value,key=value}, in their order. */
  public Map<String, String> pairs(String name, Map<String, String> defaultValue) {
    return optional(name)
        .map(value -> {
          Map<String, String> pairs = new LinkedHashMap<>();
          for (String pair : list(name, List.of())) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
              throw new ConfigurationException(name, expected("key=value,key=value", pair));
            }
            String key = pair.substring(0, equals).strip();
            if (pairs.put(key, pair.substring(equals + 1).strip()) != null) {
              throw new ConfigurationException(name, "names '" + key + "' twice");
            }
          }
          return Collections.unmodifiableMap(pairs);
        })
        .orElse(defaultValue);
  }

  /**
   * Variables with this prefix as settings of a client: {@code KAFKA_CLIENT_SECURITY_PROTOCOL} with
   * the prefix {@code KAFKA_CLIENT_} is {@code security.protocol}.
   */
  public Map<String, String> settings(String prefix) {
    Map<String, String> settings = new LinkedHashMap<>();
    variables.forEach((name, value) -> {
      if (name.startsWith(prefix) && name.length() > prefix.length() && !value.isBlank()) {
        settings.put(
            name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '.'),
            value.strip());
      }
    });
    return settings;
  }

  private static String expected(String expectation, String found) {
    return "expected " + expectation + ", found '" + found + "'";
  }
}
