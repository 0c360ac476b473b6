package dev.millrace.embedding.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedding.parse.Block;
import dev.millrace.embedding.parse.ParsedDocument;
import dev.millrace.embedding.parse.Parsers;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChunkerPropertyTest {

  private static final ChunkLimits LIMITS = new ChunkLimits(24, 6);

  private final Parsers parsers = Parsers.standard();

  @Property(tries = 300)
  void chunksHoldAllOfTheTextInOrderAtTheirPlaceWithinTheBudget(
      @ForAll("documents") String text,
      @ForAll("counters") TokenCounter counter,
      @ForAll("mediaTypes") String mediaType)
      throws InterruptedException {
    // given
    ParsedDocument document =
        parsers.parse(text.getBytes(StandardCharsets.UTF_8), mediaType, "document");

    // when
    List<Chunk> chunks = new Chunker(counter, LIMITS).chunk(document);

    // then
    BitSet held = new BitSet(text.length());
    int before = -1;
    for (Chunk chunk : chunks) {
      assertThat(chunk.index()).isEqualTo(chunks.indexOf(chunk));
      assertThat(chunk.content()).isEqualTo(text.substring(chunk.startChar(), chunk.endChar()));
      assertThat(counter.count(chunk.content())).isLessThanOrEqualTo(LIMITS.maxTokens());
      assertThat(chunk.startChar()).isGreaterThan(before);
      assertThat(chunk.startLine()).isEqualTo(lineOf(text, chunk.startChar()));
      assertThat(chunk.endLine()).isEqualTo(lineOf(text, chunk.endChar() - 1));
      before = chunk.startChar();
      held.set(chunk.startChar(), chunk.endChar());
    }
    document.blocks().stream()
        .filter(block -> block.kind() == Block.Kind.FRONT_MATTER)
        .forEach(block -> held.set(block.start(), block.end()));
    for (int i = held.nextClearBit(0); i < text.length(); i = held.nextClearBit(i + 1)) {
      assertThat(Character.isWhitespace(text.charAt(i))).as("lost '%s'", text.charAt(i)).isTrue();
    }
  }

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> words =
        Arbitraries.of("water", "wheel", "mill.", "Grain!", "x", "für", "\uD83C\uDF3E", "`a()`")
            .list()
            .ofMinSize(1)
            .ofMaxSize(40)
            .map(list -> String.join(" ", list));
    Arbitrary<String> blob = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(900);
    Arbitrary<String> part =
        Arbitraries.oneOf(
            words,
            blob,
            words.map(text -> "# " + text),
            words.map(text -> "### " + text),
            words.map(text -> "- " + text + "\n- second\n  - nested"),
            words.map(text -> "```java\n" + text.replace(' ', '\n') + "\n```"),
            words.map(text -> "> " + text),
            words.map(text -> "[" + text.length() + "]: https://example.org"),
            Arbitraries.of("", "   ", "---", "---\ntitle: a\n---", "    indented()", "a\r\nb\rc"));
    return part.list()
        .ofMaxSize(12)
        .flatMap(parts -> Arbitraries.of("\n\n", "\n", "\r\n").map(gap -> String.join(gap, parts)));
  }

  @Provide
  Arbitrary<TokenCounter> counters() {
    return Arbitraries.of(
        text -> text.isBlank() ? 0 : text.strip().split("\\s+").length,
        text -> Math.ceilDiv(text.length(), 3),
        text -> (int) text.chars().filter(c -> !Character.isWhitespace(c)).count() * 2);
  }

  @Provide
  Arbitrary<String> mediaTypes() {
    return Arbitraries.of("text/markdown", "text/plain");
  }

  private static int lineOf(String text, int place) {
    String before = text.substring(0, place).replace("\r\n", "\n");
    return 1 + (int) before.chars().filter(c -> c == '\n' || c == '\r').count();
  }
}
