package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.IndexingStatus;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadRoutesTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void anUploadKeepsItsBytesAndItsType() {
    IndexingWorker.answers(gateway, IndexingStatus.INDEXED, null);

    Answer answer =
        gateway.uploadWithKey(
            "/api/knowledge/files?name=hand%20book.pdf&category=office",
            new byte[] {37, 80, 68, 70}, "application/pdf");

    assertThat(answer.json().at("/chunks_processed").asInt()).isEqualTo(15);
    DocumentChange change =
        (DocumentChange) gateway.sink.on(Topics.DOCUMENT_CHANGES).getFirst().value();
    assertThat(change.getDocumentUri()).isEqualTo("upload://hand_book.pdf");
    assertThat(change.getContentBytes()).isEqualTo(ByteBuffer.wrap(new byte[] {37, 80, 68, 70}));
    assertThat(change.getContentType()).isEqualTo("application/pdf");
    assertThat(gateway.uploadWithKey("/api/knowledge/files", new byte[1], "text/plain").fields())
        .containsExactly("name");
  }

  @Test
  void aFieldOfAFormThatPostgresCannotHoldIsRefusedAsInTheAddress() {
    Answer answer =
        gateway.uploadWithKey(
            "/api/knowledge/files",
            """
            --x\r
            Content-Disposition: form-data; name="title"\r
            \r
            Rye\0\r
            --x\r
            Content-Disposition: form-data; name="file"; filename="rye.md"\r
            \r
            # Rye\r
            --x--\r
            """
                .getBytes(UTF_8),
            "multipart/form-data; boundary=x");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("title");
  }

  @Test
  void anUploadMayComeInAForm() {
    IndexingWorker.answers(gateway, IndexingStatus.INDEXED, null);

    gateway.uploadWithKey(
        "/api/knowledge/files",
        """
        --x\r
        Content-Disposition: form-data; name="category"\r
        \r
        office\r
        --x\r
        Content-Disposition: form-data; name="file"; filename="C:\\docs\\Öl.md"\r
        Content-Type: text/markdown\r
        \r
        # Oil\r
        --x--\r
        """
            .getBytes(UTF_8),
        "multipart/form-data; boundary=x");

    DocumentChange change =
        (DocumentChange) gateway.sink.on(Topics.DOCUMENT_CHANGES).getFirst().value();
    assertThat(change.getDocumentUri()).isEqualTo("upload://Öl.md");
    assertThat(change.getCategory()).isEqualTo("office");
    assertThat(change.getContentType()).isEqualTo("text/markdown");
    assertThat(change.getContentBytes()).isEqualTo(ByteBuffer.wrap("# Oil".getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.md\"\r\n\r\ncut",
        "not a form at all"
      })
  void aFormWithoutAWholeFileIsRefused(String form) {
    Answer answer =
        gateway.uploadWithKey(
            "/api/knowledge/files", form.getBytes(UTF_8), "multipart/form-data; boundary=x");

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.text()).contains("expected a form with one file");
    assertThat(gateway.sink.on(Topics.DOCUMENT_CHANGES)).isEmpty();
  }
}
