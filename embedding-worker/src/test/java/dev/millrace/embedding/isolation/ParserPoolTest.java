package dev.millrace.embedding.isolation;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.millrace.embedding.parse.ParsedDocument;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.embedding.parse.UnparsableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParserPoolTest {

  private static final long MEMORY = 64L << 20;

  private final ParserPool obedient =
      new ParserPool(
          ParserCommand.ofThisJvm(MEMORY, EndlessParser.class), 1, Duration.ofSeconds(5));
  private final ParserPool real =
      new ParserPool(ParserCommand.ofThisJvm(2 * MEMORY), 1, Duration.ofSeconds(60));

  @AfterEach
  void end() {
    obedient.close();
    real.close();
  }

  private Throwable told(String command) {
    return catchThrowable(() -> obedient.parser("text/html").parse(command.getBytes(UTF_8), null));
  }

  private long pid() {
    return Long.parseLong(String.valueOf(told("who").getMessage()).split(" ", 2)[0]);
  }

  @Test
  void aParserThatNeverEndsIsEndedAndTheNextDocumentHasAnother() {
    // given
    long spinning = pid();

    // when
    Throwable refusal = told("spin");

    // then
    assertThat(refusal)
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("can be read in 5 s");
    Awaitility.await()
        .until(() -> ProcessHandle.of(spinning).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(pid()).isNotEqualTo(spinning);
  }

  @Test
  void aDocumentThatTakesAllMemoryOrEndsItsParserIsRefused() {
    assertThat(told("allocate"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("PARSER_MEMORY");
    assertThat(told("exit"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("made its parser end");
  }

  @Test
  void aParserIsKeptForTheNextDocumentAndSeesNoSecrets() {
    long first = pid();

    assertThat(pid()).isEqualTo(first);
    assertThat(System.getenv()).containsKey("PATH");
    assertThat(told("environment")).message().doesNotContain("PATH");
  }

  @Test
  void aParserEndsWithItsPool() {
    long pid = pid();

    obedient.close();

    Awaitility.await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void aWebPageComesBackAsItWasReadHere() throws InterruptedException {
    byte[] page =
        "<h1>Mill</h1><p>It grinds \u00e4 &amp; b.</p><h2>Hours</h2><p>Nine</p>".getBytes(UTF_16BE);
    String type = "text/html; charset=utf-16be";
    ParsedDocument here = Parsers.standard().parse(page, type, "a");

    ParsedDocument there = Parsers.standard().withRich(real::parser).parse(page, type, "a");

    assertThat(there).isEqualTo(here);
    assertThat(there.blocks().getLast().headingPath()).isEqualTo(List.of("Mill", "Hours"));
  }

  @Test
  void aBrokenDocumentIsRefusedAndItsParserGoesOn() throws IOException, InterruptedException {
    Parsers parsers = Parsers.standard().withRich(real::parser);
    byte[] empty = emptyPdf();

    assertThatThrownBy(() -> parsers.parse("%PDF-1.7 no".getBytes(UTF_8), null, "a.pdf"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("broken");
    assertThatThrownBy(() -> parsers.parse(empty, null, "b.pdf"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("with text in it, found none");
  }

  private static byte[] emptyPdf() throws IOException {
    try (PDDocument pdf = new PDDocument();
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream()) {
      pdf.addPage(new PDPage());
      pdf.save(out);
      return out.toByteArray();
    }
  }
}
