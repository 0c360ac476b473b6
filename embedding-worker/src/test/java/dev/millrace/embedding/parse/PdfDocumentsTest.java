package dev.millrace.embedding.parse;

import static dev.millrace.embedding.parse.Blocks.block;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.junit.jupiter.api.Test;

class PdfDocumentsTest {

  private final Parsers parsers = Parsers.standard();

  @Test
  void aPdfKnowsItsPages() throws IOException, InterruptedException {
    byte[] pdf = pdf("The wheel turns the stone.", "The stone grinds the corn.");

    ParsedDocument document = parsers.parse(pdf, "application/pdf", "mill.pdf");

    assertThat(block(document, "wheel turns").page()).isEqualTo(1);
    assertThat(block(document, "grinds the corn").page()).isEqualTo(2);
  }

  @Test
  void aTitleIsOneThatCanBeStoredAndShown() throws IOException, InterruptedException {
    byte[] pdf = pdf("The wheel turns the stone.");
    byte[] titled = titled(pdf, "The\0mill\n" + "x".repeat(1_000));

    ParsedDocument document = parsers.parse(titled, "application/pdf", "mill.pdf");

    assertThat(document.title()).startsWith("The mill xxx").hasSize(200);
  }

  @Test
  void aFileWithoutAByteIsRefused() {
    assertThatThrownBy(() -> parsers.parse(new byte[0], "application/pdf", "empty.pdf"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageStartingWith("expected a document of type application/pdf");
  }

  @Test
  void aDocumentWithoutTextIsRefusedAsOne() throws IOException {
    byte[] scan = pdf("");

    assertThatThrownBy(() -> parsers.parse(scan, null, "scan.pdf"))
        .isInstanceOf(UnparsableException.class)
        .hasMessage("expected a document of type application/pdf with text in it, found none");
  }

  @Test
  void aPdfThatUnpacksToFarTooMuchIsRefusedBeforeItIsUnpacked() throws IOException {
    Parsers small = Parsers.standard(new Limits(1_000_000, 10 << 20, Duration.ofSeconds(30)));
    byte[] bomb = packedStream(deflated(deflated(new byte[60 << 20])));

    assertThat(bomb.length).isLessThan(1 << 20);
    assertThatThrownBy(() -> small.parse(bomb, "application/pdf", "bomb.pdf"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("unpacks to at most");
  }

  private static byte[] pdf(String... pages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PDDocument document = new PDDocument()) {
      for (String text : pages) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(FontName.HELVETICA), 12);
          content.newLineAtOffset(72, 700);
          content.showText(text);
          content.endText();
        }
      }
      document.save(bytes);
    }
    return bytes.toByteArray();
  }

  private static byte[] titled(byte[] pdf, String title) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PDDocument document = Loader.loadPDF(pdf)) {
      document.getDocumentInformation().setTitle(title);
      document.save(bytes);
    }
    return bytes.toByteArray();
  }

  private static byte[] deflated(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream packed = new DeflaterOutputStream(bytes)) {
      packed.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] packedStream(byte[] packed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(
        "%PDF-1.7\n1 0 obj\n<< /Filter [/FlateDecode /FlateDecode] >>\nstream\n".getBytes(UTF_8));
    bytes.write(packed);
    bytes.write("\nendstream\nendobj\n%%EOF\n".getBytes(UTF_8));
    return bytes.toByteArray();
  }
}
