package dev.millrace.embedding.parse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedding.parse.Block.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;

class RichDocumentsTest {

  private final Parsers parsers = Parsers.standard();

  @Test
  void aWebPageIsReadByItsHeadingsWithoutItsNavigation() throws InterruptedException {
    String page =
        """
        <html><head><title>The mill</title><style>p { color: red }</style></head>
        <body><nav><a href="/">Home</a></nav>
        <h1>The mill</h1><p>It grinds <b>what</b> comes.</p>
        <h2>Opening</h2><ul><li>Monday: never</li><li>Tuesday: nine</li></ul>
        <pre>turn()
          twice()</pre>
        <script>alert(1)</script><footer>Imprint</footer></body></html>
        """;

    ParsedDocument document = parsers.parse(page.getBytes(UTF_8), "text/html", "mill");

    assertThat(document.title()).isEqualTo("The mill");
    assertThat(document.text())
        .contains("It grinds what comes.", "turn()\n  ")
        .doesNotContain("Home", "alert", "Imprint", "color");
    assertThat(block(document, "Tuesday").headingPath()).containsExactly("The mill", "Opening");
    assertThat(block(document, "turn()").kind()).isEqualTo(Kind.LINES);
  }

  @Test
  void aWebPageIsInTheCharsetThatTheSenderNamesRatherThanInItsOwn() throws InterruptedException {
    byte[] page =
        "<html><head><meta charset=\"koi8-r\"></head><body><p>für</p></body></html>"
            .getBytes(ISO_8859_1);

    assertThat(parsers.parse(page, "text/html; charset=iso-8859-1", "mill").text().strip())
        .isEqualTo("für");
    assertThat(parsers.parse(page, "text/html", "mill").text().strip()).isEqualTo("fЭr");
  }

  @Test
  void aPdfKnowsItsPages() throws IOException, InterruptedException {
    byte[] pdf = pdf("The wheel turns the stone.", "The stone grinds the corn.");

    ParsedDocument document = parsers.parse(pdf, "application/pdf", "mill.pdf");

    assertThat(block(document, "wheel turns").page()).isEqualTo(1);
    assertThat(block(document, "grinds the corn").page()).isEqualTo(2);
  }

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
  void aRowOfATableIsOneLineWhateverIsInItsCells() throws InterruptedException {
    byte[] page =
        """
        <html><body><table>
          <tr><th><p>Grain</p></th>
              <th>Sacks</th></tr>
          <tr><td><ul><li>rye</li><li>oats</li></ul></td><td>42<br>or so</td></tr>
        </table><p>Counted in autumn.</p></body></html>
        """
            .getBytes(UTF_8);

    assertThat(parsers.parse(page, null, "harvest.html").text())
        .contains("Grain | Sacks\n", "rye oats | 42 or so\n", "\nCounted in autumn.");
  }

  @Test
  void aTableThatLaysOutAPageIsReadByItsParagraphs() throws InterruptedException {
    String paragraph = "<p>" + "The wheel turns the stone. ".repeat(20) + "</p>";
    byte[] page =
        ("<html><body><table><tr><td>" + paragraph.repeat(3) + "</td></tr></table></body></html>")
            .getBytes(UTF_8);

    assertThat(parsers.parse(page, null, "mill.html").blocks()).hasSize(3);
  }

  @Test
  void aDocumentWithoutTextIsRefusedAsOne() throws IOException {
    byte[] scan = pdf("");

    assertThatThrownBy(() -> parsers.parse(scan, null, "scan.pdf"))
        .isInstanceOf(UnparsableException.class)
        .hasMessage("expected a document of type application/pdf with text in it, found none");
  }

  @ParameterizedTest
  @ValueSource(ints = {110, 400, 5_000})
  void aPageMayBeNestedDeeply(int levels) throws InterruptedException {
    assertThat(parsers.parse(nested(levels), null, "deep.html").text())
        .contains("The stone turns.");
  }

  private static byte[] nested(int levels) {
    return ("<html><body>" + "<div>".repeat(levels) + "<p>The stone turns.</p></body></html>")
        .getBytes(UTF_8);
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

  @Test
  void aPdfThatUnpacksToFarTooMuchIsRefusedBeforeItIsUnpacked() throws IOException {
    Parsers small = Parsers.standard(new Limits(1_000_000, 10 << 20, Duration.ofSeconds(30)));
    byte[] bomb = packedStream(deflated(deflated(new byte[60 << 20])));

    assertThat(bomb.length).isLessThan(1 << 20);
    assertThatThrownBy(() -> small.parse(bomb, "application/pdf", "bomb.pdf"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("unpacks to at most");
  }

  @Test
  void tooMuchTextAndTooMuchTimeAreRefused() {
    byte[] page = ("<html><body>" + "<p>word</p>".repeat(1_000) + "</body></html>").getBytes(UTF_8);

    assertThatThrownBy(() ->
            Parsers.standard(new Limits(500, 1 << 20, Duration.ofSeconds(30)))
                .parse(page, "text/html", "a"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("500 characters");
    assertThatThrownBy(() ->
            Parsers.standard(new Limits(1_000_000, 1 << 20, Duration.ZERO))
                .parse(page, "text/html", "a"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("can be read in");
  }

  @Test
  void sourceCodeIsReadByItsDeclarations() throws InterruptedException {
    String code =
        """
        package mill;

        import java.util.List;

        /** Grinds. */
        public final class Stone {

          private int turns;

          // Once around.
          void turn(int times) {
            turns += times;
            if (turns > 10) {
              rest();
            }
          }
        }
        """;

    ParsedDocument document = parsers.parse(code.getBytes(UTF_8), null, "src/Stone.java");

    assertThat(document.text()).isEqualTo(code);
    assertThat(block(document, "turns += times").headingPath()).containsExactly("Stone", "turn");
    assertThat(block(document, "// Once around.").kind()).isEqualTo(Kind.HEADING);
    assertThat(block(document, "private int turns").headingPath()).containsExactly("Stone");
  }

  private static Block block(ParsedDocument document, String words) {
    return document.blocks().stream()
        .filter(block -> document.text().substring(block.start(), block.end()).contains(words))
        .findFirst()
        .orElseThrow();
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
