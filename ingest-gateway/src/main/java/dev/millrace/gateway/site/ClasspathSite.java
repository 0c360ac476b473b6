package dev.millrace.gateway.site;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files of one folder on the class path, with an entity tag each. */
public final class ClasspathSite {

  /** Segments of letters, digits and a few marks, none beginning with a dot: no way out or in. */
  private static final Pattern SAFE_PATH =
      Pattern.compile("[A-Za-z0-9_@-][A-Za-z0-9_@.-]*(/[A-Za-z0-9_@-][A-Za-z0-9_@.-]*)*");

  private static final int MAX_CACHED_BYTES = 32 << 20;
  private static final String REVALIDATE = "no-cache";
  private static final String FOR_GOOD = "public, max-age=31536000, immutable";
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
          + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  private static final Map<String, String> MEDIA_TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("woff2", "font/woff2"));

  private final String folder;
  private final String cacheControl;
  private final Cache<String, Page> pages =
      Caffeine.newBuilder()
          .maximumWeight(MAX_CACHED_BYTES)
          .weigher((String _, Page page) -> page.bytes.length)
          .build();

  /** A file in memory. */
  private static final class Page {

    private final byte[] bytes;
    private final String mediaType;
    private final String etag;

    private Page(byte[] bytes, String mediaType) {
      this.bytes = bytes;
      this.mediaType = mediaType;
      this.etag = etag(bytes);
    }
  }

  private ClasspathSite(String folder, String cacheControl) {
    this.folder = folder;
    this.cacheControl = cacheControl;
  }

  /** A folder whose files may change with the next version: browsers ask whether they did. */
  public static ClasspathSite revalidated(String folder) {
    return new ClasspathSite(folder, REVALIDATE);
  }

  /** A folder whose paths contain versions: browsers keep its files. */
  public static ClasspathSite immutable(String folder) {
    return new ClasspathSite(folder, FOR_GOOD);
  }

  /**
   * Serves a file.
   *
   * @param path path in the folder
   * @throws ProblemException 404 if it is not there
   */
  public Answer serve(Call call, String path) {
    Page page = page(path);
    Map<String, String> headers =
        Map.of(
            "Cache-Control",
            cacheControl,
            "ETag",
            page.etag,
            "Content-Security-Policy",
            CONTENT_SECURITY_POLICY,
            "Referrer-Policy",
            "no-referrer");
    Optional<String> known = call.header("If-None-Match");
    return known.isPresent() && known.get().equals(page.etag)
        ? new Answer(304, page.mediaType, new byte[0], headers)
        : new Answer(200, page.mediaType, page.bytes, headers);
  }

  private Page page(String path) {
    Page cached = pages.getIfPresent(path);
    if (cached != null) {
      return cached;
    }
    String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String mediaType = MEDIA_TYPES.get(extension);
    if (mediaType == null || !SAFE_PATH.matcher(path).matches()) {
      throw ProblemException.notFound("there is no page " + path);
    }
    Page page = new Page(read(path), mediaType);
    pages.put(path, page);
    return page;
  }

  private byte[] read(String path) {
    ClassLoader loader = ClasspathSite.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream(folder + '/' + path)) {
      if (in == null) {
        throw ProblemException.notFound("there is no page " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + path, e);
    }
  }

  private static String etag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
