package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.UUID;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Uploads of several formats are found where the answer stands in them. */
@ExtendWith(WithMillrace.class)
class UploadedFormatsIT {

  private static final String FILLER = "Nothing of note happened on this day at all. ";

  private final String run = UUID.randomUUID().toString();

  @Test
  void aHitInAPdfKnowsItsPage(Millrace millrace) throws IOException {
    byte[] pdf = pdf(FILLER.repeat(30), FILLER.repeat(30) + "The eel trap was emptied.");

    JsonNode hit = best(millrace, run + ".pdf", pdf, "eel+trap");

    assertThat(hit.path("content").asText()).contains("The eel trap was emptied.");
    assertThat(hit.path("page")).isEqualTo(IntNode.valueOf(2));
  }

  @Test
  void aHitInSourceCodeKnowsItsLines(Millrace millrace) {
    String code =
        """
        package mill;

        final class Mill {

          int grind(int bushels) {
            return bushels * 50; // pounds of rye flour
          }
        }
        """;

    JsonNode hit = best(millrace, run + ".java", code.getBytes(UTF_8), "pounds+of+rye+flour");

    assertThat(hit.path("start_line").asInt()).isLessThanOrEqualTo(6);
    assertThat(hit.path("end_line").asInt()).isBetween(6, 8);
    assertThat(hit.path("content").asText()).contains("pounds of rye flour");
  }

  @Test
  void aHitInAPageOfTheWebKnowsItsHeadings(Millrace millrace) {
    String page =
        "<html><body><nav>Home</nav><h1>Mill</h1><h2>Weir</h2><p>Otters live below it.</p></body>";

    JsonNode hit = best(millrace, run + ".html", page.getBytes(UTF_8), "otters");

    assertThat(hit.path("heading_path")).extracting(JsonNode::asText).contains("Mill", "Weir");
    assertThat(hit.path("content").asText()).doesNotContain("Home");
  }

  @Test
  void aHitInASheetKnowsItsRow(Millrace millrace) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (XSSFWorkbook book = new XSSFWorkbook()) {
      var row = book.createSheet("Harvest").createRow(0);
      row.createCell(0).setCellValue("buckwheat");
      row.createCell(1).setCellValue(42);
      book.write(bytes);
    }

    JsonNode hit = best(millrace, run + ".xlsx", bytes.toByteArray(), "buckwheat+harvest");

    assertThat(hit.path("content").asText()).contains("buckwheat | 42");
  }

  /** The best hit in an upload. */
  private static JsonNode best(Millrace millrace, String name, byte[] content, String question) {
    Gateway.Answer uploaded = millrace.gateway().upload(name, content, "application/octet-stream");
    assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(200);
    return millrace
        .gateway()
        .get("/api/knowledge/search?k=1&q=" + question + "&source=upload://" + name)
        .json()
        .at("/results/0");
  }

  private static byte[] pdf(String... pages) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PDDocument document = new PDDocument()) {
      for (String text : pages) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.beginText();
          content.setFont(new PDType1Font(FontName.HELVETICA), 8);
          content.setLeading(10);
          content.newLineAtOffset(50, 750);
          for (String sentence : text.split("(?<=\\.) ", -1)) {
            content.showText(sentence);
            content.newLine();
          }
          content.endText();
        }
      }
      document.save(bytes);
    }
    return bytes.toByteArray();
  }
}
