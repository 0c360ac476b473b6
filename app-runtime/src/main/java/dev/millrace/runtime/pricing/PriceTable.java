package dev.millrace.runtime.pricing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Prices by model: those of {@code model-prices.json}, overridden by {@code MODEL_PRICES}. */
public final class PriceTable {

  private static final String VARIABLE = "MODEL_PRICES";
  private static final String RESOURCE = "model-prices.json";

  /** The date at the end of the id of a model's snapshot, which is priced like the model. */
  private static final Pattern SNAPSHOT = Pattern.compile("-(\\d{8}|\\d{4}-\\d{2}-\\d{2})$");

  private final Map<String, ModelPrice> prices;

  public PriceTable(Map<String, ModelPrice> prices) {
    this.prices = Map.copyOf(prices);
  }

  /** Reads {@code MODEL_PRICES}: {@code model=input/output/cache-read/cache-write,...}. */
  public static PriceTable from(Environment environment) {
    Map<String, ModelPrice> prices = new HashMap<>(defaults());
    environment
        .pairs(VARIABLE, Map.of())
        .forEach((model, price) -> prices.put(model, parse(model, price)));
    return new PriceTable(prices);
  }

  /** The price of a model, if it is known. */
  public Optional<ModelPrice> of(String model) {
    ModelPrice exact = prices.get(model);
    return exact != null
        ? Optional.of(exact)
        : Optional.ofNullable(prices.get(SNAPSHOT.matcher(model).replaceFirst("")));
  }

  private static ModelPrice parse(String model, String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length == 4) {
        return new ModelPrice(
            new BigDecimal(parts[0].strip()),
            new BigDecimal(parts[1].strip()),
            new BigDecimal(parts[2].strip()),
            new BigDecimal(parts[3].strip()));
      }
    } catch (IllegalArgumentException e) {
      throw wrong(model, text);
    }
    throw wrong(model, text);
  }

  private static ConfigurationException wrong(String model, String text) {
    return new ConfigurationException(
        VARIABLE,
        "expected input/output/cache-read/cache-write in dollars per million tokens for %s, found '%s'"
            .formatted(model, text));
  }

  private static Map<String, ModelPrice> defaults() {
    ObjectMapper json =
        new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    try (InputStream in = PriceTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing");
      }
      Map<String, ModelPrice> prices = new HashMap<>();
      json.readTree(in)
          .required("models")
          .properties()
          .forEach(entry -> prices.put(entry.getKey(), price(entry.getValue())));
      return prices;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + RESOURCE, e);
    }
  }

  private static ModelPrice price(JsonNode node) {
    return new ModelPrice(
        node.required("input").decimalValue(),
        node.required("output").decimalValue(),
        node.required("cache_read").decimalValue(),
        node.required("cache_write").decimalValue());
  }
}
