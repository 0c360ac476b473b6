package dev.millrace.embedding.parse;

import dev.millrace.embedding.parse.Block.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads source code of most languages by what they share: a line that declares a type or a function
 * begins a part of its own, and what is indented below it belongs to it.
 */
final class SourceCodeParser implements TextParser {

  /** In characters; a longer line declares nothing that a person reads, and is not looked at. */
  private static final int MAX_DECLARATION = 400;

  private static final Pattern LINE = Pattern.compile(".*(?:\\R|\\z)");

  /** A keyword that declares, and the name behind it. */
  private static final Pattern DECLARATION =
      Pattern.compile(
          "^(\\s*)(?:(?:export|default|public|protected|private|internal|static|final|abstract"
              + "|sealed|non-sealed|open|async|pub(?:\\([^)]*\\))?|unsafe|inline|virtual|override"
              + "|partial|data)\\s+)*"
              + "(?:class|interface|enum|record|struct|trait|impl|module|namespace|object|def|func"
              + "|fn|fun|function|sub|proc)\\s+(?:\\([^)]*\\)\\s*)?([\\w$.:<>]+)");

  /** A method or function whose type stands before its name; the line goes on to its body. */
  private static final Pattern TYPED_FUNCTION =
      Pattern.compile(
          "^(\\s*)(?:[\\w$<>\\[\\],.?*&@:]+\\s+)+[*&]*([A-Za-z_$][\\w$:~]*)\\s*\\([^;]*$");

  private static final Pattern STATEMENT =
      Pattern.compile(
          "^\\s*(?:if|else|for|while|switch|return|catch|new|throw|do|case|await|yield"
              + "|using|with|assert|import|package|#|//|\\*|/\\*|--)\\b?.*");

  @Override
  public ParsedDocument parse(String text) {
    Outline outline = new Outline();
    Deque<Integer> indents = new ArrayDeque<>();
    StringBuilder body = new StringBuilder();
    Matcher lines = LINE.matcher(text);
    while (lines.find() && !lines.group().isEmpty()) {
      String line = lines.group();
      Matcher declaration = declaration(line);
      if (declaration == null) {
        body.append(line);
        continue;
      }
      String before = leading(body);
      outline.part(body.substring(0, body.length() - before.length()), Kind.LINES);
      body.setLength(0);
      int indent = declaration.group(1).length();
      while (!indents.isEmpty() && indents.peek() >= indent) {
        indents.pop();
      }
      indents.push(indent);
      outline.heading(indents.size(), declaration.group(2), before + line);
    }
    outline.part(body.toString(), Kind.LINES);
    return outline.document(null, true);
  }

  private static @Nullable Matcher declaration(String line) {
    if (line.length() > MAX_DECLARATION) {
      return null;
    }
    Matcher keyword = DECLARATION.matcher(line);
    if (keyword.find()) {
      return keyword;
    }
    Matcher typed = TYPED_FUNCTION.matcher(line.stripTrailing());
    return !STATEMENT.matcher(line.stripTrailing()).matches() && typed.find() ? typed : null;
  }

  /** Comments and annotations right above a declaration belong to it. */
  private static String leading(StringBuilder body) {
    int start = body.length();
    while (start > 0) {
      int lineStart = body.lastIndexOf("\n", start - 2) + 1;
      String line = body.substring(lineStart, start).strip();
      boolean belongs =
          line.startsWith("//")
              || line.startsWith("*")
              || line.startsWith("/*")
              || line.startsWith("#")
              || line.startsWith("@")
              || line.startsWith("--");
      if (!belongs) {
        break;
      }
      start = lineStart;
    }
    return body.substring(start);
  }
}
