package dev.millrace.embedding.chunk;

import dev.millrace.embedding.parse.Block;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where a text may be cut, and how it is cut to pieces of limited length. */
final class Cuts {

  /**
   * Tokens are hardly ever longer; a model that counts a very long word as one token would else
   * make a chunk of megabytes.
   */
  private static final int MAX_CHARACTERS_PER_TOKEN = 16;

  /** A stretch of text with its tokens. */
  record Piece(int start, int end, int tokens) {}

  /** From the gentlest cut to the roughest. */
  private enum Cut {
    LINES,
    SENTENCES,
    WORDS,
    CHARACTERS
  }

  private final String text;
  private final TokenCounter counter;

  Cuts(String text, TokenCounter counter) {
    this.text = text;
    this.counter = counter;
  }

  /**
   * Tokens of a stretch. One that has more than the limit for its length alone is not counted: its
   * number is then some number above the limit. Else a long word would be counted as often as it is
   * halved.
   */
  int tokens(int start, int end, int limit) {
    int least = Math.ceilDiv(end - start, MAX_CHARACTERS_PER_TOKEN);
    return least > limit ? least : Math.max(counter.count(text.substring(start, end)), least);
  }

  /** Pieces of a stretch that is too long, in order, without gaps, each within the limit. */
  List<Piece> split(int start, int end, Block.Kind kind, int maxTokens) {
    return split(start, end, gentlest(kind), maxTokens);
  }

  /**
   * Where the last sentences, or lines, of a stretch begin that are within the limit together; its
   * end if not even the last one is.
   */
  Piece tail(int start, int end, Block.Kind kind, int maxTokens) {
    List<Integer> places = places(start, end, gentlest(kind));
    Piece tail = new Piece(end, end, 0);
    for (int i = places.size() - 2; i >= 0; i--) {
      int tokens = tail.tokens() + tokens(places.get(i), tail.start(), maxTokens);
      if (tokens > maxTokens) {
        break;
      }
      tail = new Piece(places.get(i), end, tokens);
    }
    return tail;
  }

  private static Cut gentlest(Block.Kind kind) {
    return kind == Block.Kind.LINES ? Cut.LINES : Cut.SENTENCES;
  }

  private List<Piece> split(int start, int end, Cut cut, int maxTokens) {
    List<Piece> pieces = new ArrayList<>();
    Piece open = new Piece(start, start, 0);
    List<Integer> places = places(start, end, cut);
    for (int i = 0; i + 1 < places.size(); i++) {
      int from = places.get(i);
      int to = places.get(i + 1);
      int tokens = tokens(from, to, maxTokens);
      if (open.tokens() + tokens <= maxTokens) {
        open = new Piece(open.start(), to, open.tokens() + tokens);
        continue;
      }
      addUnlessEmpty(pieces, open);
      if (tokens <= maxTokens || to - from <= 1) {
        open = new Piece(from, to, tokens);
      } else {
        pieces.addAll(split(from, to, rougher(cut), maxTokens));
        open = new Piece(to, to, 0);
      }
    }
    addUnlessEmpty(pieces, open);
    return pieces;
  }

  private static void addUnlessEmpty(List<Piece> pieces, Piece piece) {
    if (piece.end() > piece.start()) {
      pieces.add(piece);
    }
  }

  private static Cut rougher(Cut cut) {
    return switch (cut) {
      case LINES, SENTENCES -> Cut.WORDS;
      case WORDS, CHARACTERS -> Cut.CHARACTERS;
    };
  }

  /** Every place where a stretch may be cut, its start and end included. */
  private List<Integer> places(int start, int end, Cut cut) {
    List<Integer> places = new ArrayList<>();
    places.add(start);
    switch (cut) {
      case LINES -> {
        for (int i = start + 1; i < end; i++) {
          if (text.charAt(i - 1) == '\n') {
            places.add(i);
          }
        }
      }
      case SENTENCES -> {
        BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text.substring(start, end));
        sentences.first();
        for (int i = sentences.next(); i != BreakIterator.DONE; i = sentences.next()) {
          if (start + i < end) {
            places.add(start + i);
          }
        }
      }
      case WORDS -> {
        for (int i = start + 1; i < end; i++) {
          if (Character.isWhitespace(text.charAt(i - 1))
              && !Character.isWhitespace(text.charAt(i))) {
            places.add(i);
          }
        }
      }
      case CHARACTERS -> {
        int half = start + (end - start) / 2;
        int middle = Character.isLowSurrogate(text.charAt(half)) ? half + 1 : half;
        if (middle > start && middle < end) {
          places.add(middle);
        }
      }
    }
    places.add(end);
    return places;
  }
}
