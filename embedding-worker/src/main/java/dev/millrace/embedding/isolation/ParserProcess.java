package dev.millrace.embedding.isolation;

import dev.millrace.embedding.isolation.Exchange.Answer;
import dev.millrace.embedding.isolation.Exchange.Question;
import dev.millrace.embedding.parse.ParsedDocument;
import dev.millrace.embedding.parse.UnparsableException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The worker's end of a parser process. Used by one thread at a time. */
final class ParserProcess {

  /** Exit code of a JVM that ran out of memory and was told to end then. */
  private static final int OUT_OF_MEMORY = 3;

  private static final long EXIT_SECONDS = 5;

  private final Process process;
  private final DataOutputStream questions;
  private final DataInputStream answers;
  private long idleSinceNanos = System.nanoTime();
  private boolean killed;

  private ParserProcess(Process process) {
    this.process = process;
    this.questions = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
  }

  /**
   * Starts one. It knows nothing of the worker's environment: it reads what strangers wrote.
   *
   * @throws IllegalStateException if it cannot be started
   */
  static ParserProcess start(ParserCommand command) {
    ProcessBuilder builder =
        new ProcessBuilder(command.arguments()).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    try {
      return new ParserProcess(builder.start());
    } catch (IOException e) {
      throw new IllegalStateException("no parser process can be started: " + e.getMessage(), e);
    }
  }

  boolean isAlive() {
    return !killed && process.isAlive();
  }

  /** Whether it has had nothing to do for so long. */
  boolean isIdleFor(Duration time) {
    return System.nanoTime() - idleSinceNanos > time.toNanos();
  }

  /** Ends it, whatever it is doing. */
  void kill() {
    killed = true;
    process.destroyForcibly();
  }

  /**
   * Reads a document. Afterwards the process is alive only if it can read another.
   *
   * @throws UnparsableException if the document cannot be read, or not in that time
   */
  ParsedDocument parse(Question question, Duration time) throws InterruptedException {
    FutureTask<Answer> exchange =
        new FutureTask<>(() -> {
          Exchange.ask(questions, question);
          return Exchange.answer(answers);
        });
    Thread.startVirtualThread(exchange);
    boolean answered = false;
    try {
      Answer answer = exchange.get(time.toNanos(), TimeUnit.NANOSECONDS);
      answered = true;
      idleSinceNanos = System.nanoTime();
      if (answer.document() != null) {
        return answer.document();
      }
      throw new UnparsableException(String.valueOf(answer.refusal()));
    } catch (TimeoutException e) {
      throw new UnparsableException(
          "expected a document that can be read in %d s; its parser was ended"
              .formatted(time.toSeconds()),
          e);
    } catch (ExecutionException e) {
      throw died(question, e);
    } finally {
      if (!answered) {
        kill();
      }
    }
  }

  private UnparsableException died(Question question, ExecutionException failure)
      throws InterruptedException {
    boolean ended = process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
    String reason =
        ended && process.exitValue() == OUT_OF_MEMORY
            ? "needed more memory than PARSER_MEMORY allows"
            : "made its parser end: " + failure.getCause();
    return new UnparsableException(
        "expected a document of type %s, found one of %d bytes that %s"
            .formatted(question.mediaType(), question.content().length, reason),
        failure);
  }
}
