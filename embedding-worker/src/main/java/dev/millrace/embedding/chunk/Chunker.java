package dev.millrace.embedding.chunk;

import dev.millrace.embedding.chunk.Cuts.Piece;
import dev.millrace.embedding.parse.Block;
import dev.millrace.embedding.parse.ParsedDocument;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a document into chunks along its structure: sections stay apart unless they are small, a
 * heading stays with what follows it, and a block is cut only when it is too long for a chunk. All
 * of the text is in a chunk, but for front matter and white space around them.
 */
public final class Chunker {

  private final TokenCounter counter;
  private final ChunkLimits limits;

  public Chunker(TokenCounter counter, ChunkLimits limits) {
    this.counter = counter;
    this.limits = limits;
  }

  /** The chunks in their order; none of a document without a visible character. */
  public List<Chunk> chunk(ParsedDocument document) {
    Cuts cuts = new Cuts(document.text(), counter);
    LineIndex lines = document.hasLines() ? new LineIndex(document.text()) : null;
    Drafts drafts = new Drafts(document.text(), cuts, limits, lines);
    for (Block block : document.blocks()) {
      if (block.kind() != Block.Kind.FRONT_MATTER) {
        atoms(block, cuts).forEach(drafts::add);
      }
    }
    return drafts.finish();
  }

  private List<Atom> atoms(Block block, Cuts cuts) {
    int tokens = cuts.tokens(block.start(), block.end(), limits.maxTokens());
    if (tokens <= limits.maxTokens()) {
      return List.of(new Atom(block, block.start(), block.end(), tokens));
    }
    int maxTokens = limits.maxTokens() - limits.overlapTokens();
    return cuts.split(block.start(), block.end(), block.kind(), maxTokens).stream()
        .map(piece -> new Atom(block, piece.start(), piece.end(), piece.tokens()))
        .toList();
  }

  /** Puts atoms together to chunks. */
  private static final class Drafts {

    private final String text;
    private final Cuts cuts;
    private final ChunkLimits limits;
    private final @Nullable LineIndex lines;
    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Atom> draft = new ArrayList<>();
    private @Nullable Piece overlap;

    Drafts(String text, Cuts cuts, ChunkLimits limits, @Nullable LineIndex lines) {
      this.text = text;
      this.cuts = cuts;
      this.limits = limits;
      this.lines = lines;
    }

    void add(Atom atom) {
      if (!draft.isEmpty()) {
        if (startsSection(atom)) {
          emit(draft);
        } else if (draftTokens() + atom.tokens() > limits.maxTokens()) {
          breakBefore(atom);
        }
      }
      draft.add(atom);
    }

    List<Chunk> finish() {
      emit(draft);
      return List.copyOf(chunks);
    }

    private int draftTokens() {
      int atoms = draft.stream().mapToInt(Atom::tokens).sum();
      return overlap == null ? atoms : atoms + overlap.tokens();
    }

    /** Whether a heading begins a chunk of its own rather than going on in the one before. */
    private boolean startsSection(Atom atom) {
      if (!atom.isHeading() || draft.stream().allMatch(Atom::isHeading)) {
        return false;
      }
      boolean outranks = atom.block().level() < rank(draft.getFirst());
      return outranks || draftTokens() >= limits.smallTokens();
    }

    private static int rank(Atom atom) {
      return atom.isHeading() ? atom.block().level() : atom.block().headingPath().size();
    }

    /** The chunk is full: headings at its end go along with what they stand above. */
    private void breakBefore(Atom atom) {
      int body = draft.size();
      while (body > 0 && draft.get(body - 1).isHeading()) {
        body--;
      }
      List<Atom> headings = List.copyOf(draft.subList(body, draft.size()));
      int headingTokens = headings.stream().mapToInt(Atom::tokens).sum();
      boolean carried = body > 0 && headingTokens + atom.tokens() <= limits.maxTokens();
      if (carried) {
        draft.subList(body, draft.size()).clear();
      }
      Atom last = draft.getLast();
      int start = draft.getFirst().start();
      emit(draft);
      if (carried && !headings.isEmpty()) {
        draft.addAll(headings);
      } else if (!atom.isHeading() && !last.isHeading()) {
        overlap = overlap(last, start, atom);
      }
    }

    /** The end of the chunk before, unless it is all of it or leaves no room for the atom. */
    private @Nullable Piece overlap(Atom last, int chunkStart, Atom next) {
      Piece tail = cuts.tail(last.start(), last.end(), last.block().kind(), limits.overlapTokens());
      boolean useful =
          tail.start() < tail.end()
              && visibleFrom(tail.start(), tail.end()) > visibleFrom(chunkStart, last.end())
              && tail.tokens() + next.tokens() <= limits.maxTokens();
      return useful ? tail : null;
    }

    private void emit(List<Atom> atoms) {
      if (!atoms.isEmpty()) {
        int start = overlap == null ? atoms.getFirst().start() : overlap.start();
        addChunk(start, atoms.getLast().end(), commonPath(atoms), atoms.getFirst().block().page());
      }
      atoms.clear();
      overlap = null;
    }

    private void addChunk(int from, int to, List<String> headingPath, @Nullable Integer page) {
      int start = visibleFrom(from, to);
      int end = to;
      while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
        end--;
      }
      if (start < end) {
        chunks.add(
            new Chunk(
                chunks.size(),
                text.substring(start, end),
                headingPath,
                start,
                end,
                lines == null ? null : lines.lineOf(start),
                lines == null ? null : lines.lineOf(end - 1),
                page));
      }
    }

    private int visibleFrom(int from, int to) {
      int start = from;
      while (start < to && Character.isWhitespace(text.charAt(start))) {
        start++;
      }
      return start;
    }

    /** Headings that all of these stand under. */
    private static List<String> commonPath(List<Atom> atoms) {
      List<Atom> body = atoms.stream().filter(atom -> !atom.isHeading()).toList();
      List<Atom> counted = body.isEmpty() ? atoms : body;
      List<String> common = counted.getFirst().block().headingPath();
      for (Atom atom : counted) {
        List<String> path = atom.block().headingPath();
        int same = 0;
        while (same < Math.min(common.size(), path.size())
            && common.get(same).equals(path.get(same))) {
          same++;
        }
        common = common.subList(0, same);
      }
      return common;
    }
  }
}
