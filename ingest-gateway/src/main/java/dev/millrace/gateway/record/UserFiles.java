package dev.millrace.gateway.record;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.auth.Person;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.knowledge.Upload;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.ChangeType;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/** Files of users: a record of each, and the document that it is indexed as. */
final class UserFiles {

  private static final String SCHEME = "upload://";

  private final Access access;
  private final EventSink sink;
  private final RecordWriter writer;

  UserFiles(Access access, EventSink sink, RecordWriter writer) {
    this.access = access;
    this.sink = sink;
    this.writer = writer;
  }

  /** Keeps a file, and has it indexed; the same name again replaces it. */
  Answer upload(Call call) throws InterruptedException {
    Person person = access.person(call);
    Upload upload = Upload.of(call);
    DocumentChange.Builder change = upload.change();
    change
        .setDocumentUri(uri(person, upload.name()))
        .setTenant(person.tenant().isEmpty() ? null : person.tenant());
    ByteBuffer content = change.getContentBytes();
    ObjectNode data =
        Json.object()
            .put("name", upload.name())
            .put("media_type", change.getContentType())
            .put("size_bytes", content.remaining())
            .put("content_hash", sha256(content))
            .put("document_uri", change.getDocumentUri())
            .put("project_id", upload.field("project_id").orElse(null));
    publish(call, change.setChange(ChangeType.MODIFIED));
    RecordCollection files = RecordCollection.USER_FILES;
    return writer.put(call, person, files, files.newId(person, data), data);
  }

  /**
   * Removes a file and its document.
   *
   * @param file the file as it is known
   */
  Answer remove(Call call, Person person, ObjectNode file) throws InterruptedException {
    publish(
        call,
        DocumentChange.newBuilder()
            .setDocumentUri(file.required("document_uri").stringValue())
            .setChange(ChangeType.REMOVED));
    return writer.remove(
        call, person, RecordCollection.USER_FILES, file.required("id").stringValue());
  }

  private void publish(Call call, DocumentChange.Builder change) throws InterruptedException {
    EventContext context = call.event(EventId.random());
    DocumentChange value =
        change
            .setRequestId(context.id().value())
            .setRequestedBy(call.client())
            .setChangedAt(context.time())
            .build();
    Acknowledgement.await(
        sink.publish(Topics.DOCUMENT_CHANGES, value.getDocumentUri(), value, context));
  }

  /** Two users may have files of one name, and a user's id may look like a tenant and a user. */
  private static String uri(Person person, String name) {
    String user = encoded(person.userId());
    String owner = person.tenant().isEmpty() ? user : encoded(person.tenant()) + '/' + user;
    return SCHEME + owner + '/' + encoded(name);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String sha256(ByteBuffer content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
