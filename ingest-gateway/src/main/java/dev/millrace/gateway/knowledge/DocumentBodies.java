package dev.millrace.gateway.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.github.RepositoryNames;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodySchema;
import dev.millrace.gateway.openapi.OpenApiDocument;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.schemas.document.DocumentChange;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What requests name as documents: a file or a folder of a repository, a text that comes with the
 * request, or web addresses. Each has fields of its own, by which it is told from the others.
 */
final class DocumentBodies {

  /** What of a title has no place in a URI. */
  private static final Pattern LEFT_OUT = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

  /** A title of words with blanks between them. */
  private static final Pattern WORDS =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(\\s+[\\p{L}\\p{M}\\p{N}]+)*");

  private static final int DIGEST_LENGTH = 8;

  private final RepositoryNames repositories;
  private final BodySchema repositoryFile;
  private final BodySchema repositoryFolder;
  private final BodySchema postedText;
  private final BodySchema links;

  DocumentBodies(OpenApiDocument document, RepositoryNames repositories) {
    this.repositories = repositories;
    this.repositoryFile = new BodySchema(document, "RepositoryDocument");
    this.repositoryFolder = new BodySchema(document, "RepositoryFolder");
    this.postedText = new BodySchema(document, "PostedDocument");
    this.links = new BodySchema(document, "LinkedDocuments");
  }

  /** Whether a body names web addresses, of which there may be several. */
  static boolean isOfLinks(JsonNode body) {
    return body.has("urls");
  }

  /**
   * The document that a body names.
   *
   * @throws ProblemException 400 if it is not as the document says
   */
  DocumentChange.Builder one(JsonNode body) {
    if (body.has("content")) {
      return posted(postedText.check(body));
    }
    return body.has("folder")
        ? folder(repositoryFolder.check(body))
        : file(repositoryFile.check(body));
  }

  /**
   * A document for each of the web addresses that a body names.
   *
   * @throws ProblemException 400 if it is not as the document says
   */
  List<DocumentChange.Builder> linked(JsonNode body) {
    Body checked = links.check(body);
    return body.required("urls")
        .valueStream()
        .map(url ->
            DocumentChange.newBuilder()
                .setDocumentUri(url.stringValue())
                .setCategory(checked.textOrNull("category")))
        .toList();
  }

  private DocumentChange.Builder file(Body body) {
    String repository = repository(body);
    String path = body.text("filePath");
    return DocumentChange.newBuilder()
        .setDocumentUri("github://" + repository + '/' + path)
        .setRepository(repository)
        .setFilePath(path)
        .setBranch(body.textOrNull("branch"))
        .setCategory(body.textOrNull("category"));
  }

  private DocumentChange.Builder folder(Body body) {
    String repository = repository(body);
    String path = body.text("folder");
    String folder = path.endsWith("/") ? path : path + '/';
    return DocumentChange.newBuilder()
        .setDocumentUri("github://" + repository + '/' + (folder.equals("/") ? "" : folder))
        .setRepository(repository)
        .setFilePath(folder)
        .setBranch(body.textOrNull("branch"))
        .setCategory(body.textOrNull("category"));
  }

  private String repository(Body body) {
    return repositories.complete("/repository", body.text("repository"));
  }

  private static DocumentChange.Builder posted(Body body) {
    Optional<String> title = body.optionalText("title");
    String uri =
        body.optionalText("uri")
            .or(() -> title.map(text -> "document://" + slug(text)))
            .orElseThrow(() -> ProblemException.invalid("/uri", "is required without a title"));
    return DocumentChange.newBuilder()
        .setDocumentUri(uri)
        .setContent(body.text("content"))
        .setContentType(body.textOrNull("contentType"))
        .setTitle(title.orElse(null))
        .setCategory(body.textOrNull("category"));
  }

  /**
   * A title as part of a URI. Where that leaves anything of it out, a digest of the title follows:
   * other titles are other documents, also {@code C++} and {@code C#}.
   */
  private static String slug(String title) {
    String text = Normalizer.normalize(title.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    String slug = LEFT_OUT.matcher(text).replaceAll("-").replaceAll("^-|-$", "");
    if (slug.isEmpty()) {
      throw ProblemException.invalid("/title", "expected a letter or a digit in it");
    }
    return WORDS.matcher(text).matches() ? slug : slug + '-' + digest(text);
  }

  private static String digest(String text) {
    return IdempotencyKey.digest(text.getBytes(UTF_8)).substring(0, DIGEST_LENGTH);
  }
}
