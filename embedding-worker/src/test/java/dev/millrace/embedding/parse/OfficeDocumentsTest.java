package dev.millrace.embedding.parse;

import static dev.millrace.embedding.parse.Blocks.block;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;

class OfficeDocumentsTest {

  private final Parsers parsers = Parsers.standard();

  @Test
  void aWordDocumentIsReadByItsHeadings() throws IOException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (XWPFDocument word = new XWPFDocument()) {
      CTStyle style = CTStyle.Factory.newInstance();
      style.setStyleId("Heading1");
      style.addNewName().setVal("heading 1");
      word.createStyles().addStyle(new XWPFStyle(style));
      paragraph(word, "Heading1", "Maintenance");
      paragraph(word, null, "Grease the axle every spring.");
      word.write(bytes);
    }

    ParsedDocument document = parsers.parse(bytes.toByteArray(), null, "mill.docx");

    assertThat(document.text()).contains("Maintenance", "Grease the axle every spring.");
    assertThat(block(document, "Grease").headingPath()).containsExactly("Maintenance");
  }

  @Test
  void slidesAndSheetsAreRead() throws IOException, InterruptedException {
    ByteArrayOutputStream slides = new ByteArrayOutputStream();
    try (XMLSlideShow show = new XMLSlideShow()) {
      show.createSlide().createTextBox().setText("Corn in, flour out");
      show.write(slides);
    }
    ByteArrayOutputStream sheet = new ByteArrayOutputStream();
    try (XSSFWorkbook book = new XSSFWorkbook()) {
      var row = book.createSheet("Harvest").createRow(0);
      row.createCell(0).setCellValue("rye");
      row.createCell(1).setCellValue(42);
      book.write(sheet);
    }

    assertThat(parsers.parse(slides.toByteArray(), null, "mill.pptx").text())
        .contains("Corn in, flour out");
    assertThat(parsers.parse(sheet.toByteArray(), null, "mill.xlsx").text())
        .contains("Harvest", "rye | 42");
  }

  @Test
  void anOpenDocumentIsReadByItsHeadings() throws IOException, InterruptedException {
    byte[] text =
        openDocument(
            "text",
            """
            <office:text>
              <text:h text:outline-level="1">Maintenance</text:h>
              <text:p>Grease the axle every spring.</text:p>
            </office:text>
            """);

    ParsedDocument document = parsers.parse(text, null, "mill.odt");

    assertThat(document.text()).contains("Maintenance", "Grease the axle every spring.");
    assertThat(block(document, "Grease").headingPath()).containsExactly("Maintenance");
  }

  @Test
  void openSlidesAndSheetsAreRead() throws IOException, InterruptedException {
    byte[] slides =
        openDocument(
            "presentation",
            """
            <office:presentation><draw:page draw:name="one"><draw:frame><draw:text-box>
              <text:p>Corn in, flour out</text:p>
            </draw:text-box></draw:frame></draw:page></office:presentation>
            """);
    byte[] sheet =
        openDocument(
            "spreadsheet",
            """
            <office:spreadsheet><table:table table:name="Harvest"><table:table-row>
              <table:table-cell><text:p>rye</text:p></table:table-cell>
              <table:table-cell><text:p>42</text:p></table:table-cell>
            </table:table-row></table:table></office:spreadsheet>
            """);

    assertThat(parsers.parse(slides, null, "mill.odp").text()).contains("Corn in, flour out");
    assertThat(parsers.parse(sheet, null, "mill.ods").text()).contains("rye | 42");
  }

  @Test
  void aBrokenDocumentIsRefusedWithAReason() {
    for (String name : List.of("a.pdf", "a.docx", "a.xlsx", "a.doc", "a.odt")) {
      assertThatThrownBy(() -> parsers.parse("no such thing".getBytes(UTF_8), null, name))
          .as(name)
          .isInstanceOf(UnparsableException.class)
          .hasMessageContaining("broken");
    }
  }

  private static byte[] openDocument(String kind, String body) throws IOException {
    String content =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <office:document-content
            xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
            xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
            xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
            xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0">
          <office:body>%s</office:body>
        </office:document-content>
        """
            .formatted(body);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("mimetype"));
      zip.write(("application/vnd.oasis.opendocument." + kind).getBytes(UTF_8));
      zip.putNextEntry(new ZipEntry("content.xml"));
      zip.write(content.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void paragraph(XWPFDocument word, @Nullable String style, String text) {
    XWPFParagraph paragraph = word.createParagraph();
    if (style != null) {
      paragraph.setStyle(style);
    }
    paragraph.createRun().setText(text);
  }
}
