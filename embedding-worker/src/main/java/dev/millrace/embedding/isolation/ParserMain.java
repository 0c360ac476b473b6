package dev.millrace.embedding.isolation;

import dev.millrace.embedding.isolation.Exchange.Answer;
import dev.millrace.embedding.isolation.Exchange.Question;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.embedding.parse.UnparsableException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * A parser process: reads one document after the other. It ends at once when the worker is gone,
 * also in the middle of a document that it never comes to the end of.
 */
final class ParserMain {

  private ParserMain() {}

  public static void main(String[] args) throws IOException {
    DataInputStream questions = new DataInputStream(new BufferedInputStream(System.in));
    DataOutputStream answers = new DataOutputStream(new BufferedOutputStream(System.out));
    System.setOut(System.err); // what libraries print is no answer
    Parsers parsers = Parsers.standard();
    Executor reading = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    try {
      while (true) {
        Question question = Exchange.question(questions);
        reading.execute(() -> send(answers, read(parsers, question)));
      }
    } catch (EOFException e) {
      Runtime.getRuntime().halt(0);
    }
  }

  private static Answer read(Parsers parsers, Question question) {
    try {
      return new Answer(parsers.parse(question.content(), question.mediaType(), ""), null);
    } catch (UnparsableException e) {
      return new Answer(null, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(null, "interrupted");
    }
  }

  private static void send(DataOutputStream answers, Answer answer) {
    try {
      Exchange.answer(answers, answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the worker is gone, and the end of its questions follows
    }
  }
}
