package dev.millrace.embedding.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedding.parse.ParsedDocument;
import dev.millrace.embedding.parse.Parsers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkerTest {

  private static final TokenCounter WORDS =
      text -> text.isBlank() ? 0 : text.strip().split("\\s+").length;

  private static List<Chunk> chunk(String markdown) throws InterruptedException {
    return new Chunker(WORDS, new ChunkLimits(40, 8))
        .chunk(
            Parsers.standard()
                .parse(markdown.getBytes(StandardCharsets.UTF_8), "text/markdown", "a.md"));
  }

  private static String words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
  }

  @Test
  void sectionsOfSomeLengthStayApartAndKnowTheirHeadings() throws InterruptedException {
    List<Chunk> chunks =
        chunk("# Mill\n\n" + words(15) + "\n\n## Wheel\n\n" + words(15) + "\n\n## Race\n\nwater\n");

    assertThat(chunks)
        .extracting(Chunk::headingPath)
        .containsExactly(List.of("Mill"), List.of("Mill", "Wheel"), List.of("Mill", "Race"));
    assertThat(chunks.get(1).content()).startsWith("## Wheel\n\nw0");
    assertThat(chunks.get(1).startLine()).isEqualTo(5);
    assertThat(chunks.get(1).endLine()).isEqualTo(7);
  }

  @Test
  void frontMatterIsInNoChunkAndLeavesTheLinesRight() throws InterruptedException {
    List<Chunk> chunks = chunk("---\ntitle: Mill\ntags: [a, b]\n---\n\nCorn in.\n");

    assertThat(chunks).extracting(Chunk::content).containsExactly("Corn in.");
    assertThat(chunks.getFirst().startLine()).isEqualTo(6);
  }

  @Test
  void aDocumentWithoutLinesClaimsNone() throws InterruptedException {
    byte[] page = "<p>Corn in.</p><p>Flour out.</p>".getBytes(StandardCharsets.UTF_8);

    List<Chunk> chunks =
        new Chunker(WORDS, new ChunkLimits(40, 8))
            .chunk(Parsers.standard().parse(page, "text/html", "a"));

    assertThat(chunks)
        .singleElement()
        .satisfies(chunk -> {
          assertThat(chunk.startLine()).isNull();
          assertThat(chunk.endLine()).isNull();
        });
  }

  @Test
  void smallSectionsAreOneChunkUnderTheHeadingTheyShare() throws InterruptedException {
    List<Chunk> chunks = chunk("# Glossary\n\n## Flume\n\na channel\n\n## Weir\n\na low dam\n");

    assertThat(chunks)
        .singleElement()
        .extracting(Chunk::headingPath)
        .isEqualTo(List.of("Glossary"));
  }

  @Test
  void aWordOfAMegabyteIsNotCountedOverAndOver() throws InterruptedException {
    AtomicLong counted = new AtomicLong();
    TokenCounter counter =
        text -> {
          counted.addAndGet(text.length());
          return WORDS.count(text);
        };
    byte[] word = "a".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    ParsedDocument document = Parsers.standard().parse(word, "text/plain", "a.txt");

    List<Chunk> chunks = new Chunker(counter, new ChunkLimits(40, 8)).chunk(document);

    assertThat(chunks.getLast().endChar()).isEqualTo(1 << 20);
    assertThat(counted.get()).isLessThan(4 << 20);
  }

  @Test
  void aHeadingStaysWithWhatFollowsIt() throws InterruptedException {
    List<Chunk> chunks = chunk(words(8) + "\n\n# Next\n\n" + words(36));

    assertThat(chunks).hasSize(2);
    assertThat(chunks.get(0).content()).doesNotContain("Next");
    assertThat(chunks.get(1).content()).startsWith("# Next");
  }

  @Test
  void codeThatFitsIsNotCut() throws InterruptedException {
    String code = "```\n" + words(30).replace(' ', '\n') + "\n```";

    List<Chunk> chunks = chunk(words(20) + "\n\n" + code + "\n\n" + words(20));

    assertThat(chunks).anySatisfy(chunk -> assertThat(chunk.content()).contains(code));
  }

  @Test
  void aChunkThatFollowsNeverHoldsAllOfTheOneBefore() throws InterruptedException {
    String text = "\n\n---\n\n- " + "water ".repeat(18).strip() + "\n- second\n  - nested";

    List<Chunk> chunks =
        new Chunker(WORDS, new ChunkLimits(24, 6))
            .chunk(
                Parsers.standard()
                    .parse(text.getBytes(StandardCharsets.UTF_8), "text/plain", "a.txt"));

    assertThat(chunks).extracting(Chunk::startChar).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void whatIsCutOverlapsByWholeSentences() throws InterruptedException {
    String sentence = "One two three four five six. ";

    List<Chunk> chunks = chunk(sentence.repeat(12));

    assertThat(chunks).hasSizeGreaterThan(1);
    assertThat(chunks.get(1).startChar()).isEqualTo(chunks.get(0).endChar() - 28);
    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.content()).startsWith("One"));
  }

  @Test
  void aWordOfMegabytesIsCutToo() throws InterruptedException {
    List<Chunk> chunks = chunk("a".repeat(100_000));

    assertThat(chunks)
        .hasSizeGreaterThan(100)
        .allSatisfy(chunk -> assertThat(chunk.content()).hasSizeLessThan(1_000));
  }

  @Test
  void aDocumentWithoutAVisibleCharacterHasNoChunks() throws InterruptedException {
    assertThat(chunk(" \n\n\t\n")).isEmpty();
  }
}
