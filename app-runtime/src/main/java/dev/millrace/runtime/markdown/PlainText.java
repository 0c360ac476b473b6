package dev.millrace.runtime.markdown;

import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/**
 * The words of a part of a Markdown document on one line. The renderer of the library itself is for
 * whole pages: it puts quotes around code, and addresses behind links.
 */
public final class PlainText extends AbstractVisitor {

  private final StringBuilder words = new StringBuilder();

  private PlainText() {}

  /** The words of a node and of all nodes in it, without markup. */
  public static String of(Node node) {
    PlainText text = new PlainText();
    node.accept(text);
    return text.words.toString().strip();
  }

  @Override
  public void visit(Text literal) {
    words.append(literal.getLiteral());
  }

  @Override
  public void visit(Code literal) {
    words.append(literal.getLiteral());
  }

  @Override
  public void visit(SoftLineBreak lineBreak) {
    words.append(' ');
  }

  @Override
  public void visit(HardLineBreak lineBreak) {
    words.append(' ');
  }
}
