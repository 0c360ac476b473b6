package dev.millrace.knowledge.embedding;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.HuggingFaceTokenCountEstimator;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import dev.millrace.knowledge.vector.VectorSpace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * all-MiniLM-L6-v2, run in this process by ONNX Runtime: 384 dimensions, vectors of length 1. Its
 * weights come in a jar and are loaded, once in a JVM, when the first text is embedded.
 *
 * <p>Texts are embedded side by side, each on one thread: on few cores that is faster than several
 * threads on one text, and it bounds what all callers together take from the machine.
 */
final class MiniLmEmbeddingModel implements EmbeddingModel {

  static final String NAME = "all-minilm-l6-v2";

  private static final int DIMENSIONS = 384;

  /** The length of text that the model was trained to read, in word pieces. */
  private static final int MAX_TOKENS = 256;

  private static final long IDLE_SECONDS = 30;

  private final VectorSpace space = new VectorSpace(NAME, DIMENSIONS);
  private final Executor executor;

  /**
   * @param threads texts embedded at once
   */
  MiniLmEmbeddingModel(int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("knowledge-embedding-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    this.executor = pool;
  }

  @Override
  public VectorSpace space() {
    return space;
  }

  @Override
  public int maxTokens() {
    return MAX_TOKENS;
  }

  @Override
  public int countTokens(String text) {
    return text.isEmpty() ? 0 : Tokenizer.COUNTER.estimateTokenCountInText(text);
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    List<TextSegment> segments = texts.stream().map(this::segment).toList();
    return new InProcess(executor)
        .embedAll(segments).content().stream().map(Embedding::vector).toList();
  }

  /**
   * The library refuses a text in which the model reads nothing, such as a blank one or one of
   * control characters only; a document may hold one all the same.
   */
  private TextSegment segment(String text) {
    return TextSegment.from(text.isBlank() || countTokens(text) == 0 ? "-" : text);
  }

  /** Runs the shared weights on the threads of one model. */
  private static final class InProcess extends AbstractInProcessEmbeddingModel {

    InProcess(Executor executor) {
      super(executor);
    }

    @Override
    protected OnnxBertBiEncoder model() {
      return Weights.ENCODER;
    }

    @Override
    protected Integer knownDimension() {
      return DIMENSIONS;
    }
  }

  /** Counts word pieces without the weights. Loaded at its first use. */
  private static final class Tokenizer {
    static final HuggingFaceTokenCountEstimator COUNTER = new HuggingFaceTokenCountEstimator();
  }

  /** Loaded at its first use. */
  private static final class Weights {

    static final OnnxBertBiEncoder ENCODER = load();

    private static OnnxBertBiEncoder load() {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
          InputStream weights = resource("/all-minilm-l6-v2.onnx");
          InputStream tokenizer = resource("/all-minilm-l6-v2-tokenizer.json")) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        OrtEnvironment onnx = OrtEnvironment.getEnvironment();
        OrtSession session = onnx.createSession(weights.readAllBytes(), options);
        return new OnnxBertBiEncoder(onnx, session, tokenizer, PoolingMode.MEAN);
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime could not load the weights of " + NAME, e);
      } catch (IOException e) {
        throw new UncheckedIOException("could not read the weights of " + NAME, e);
      }
    }

    private static InputStream resource(String name) {
      return requireNonNull(
          MiniLmEmbeddingModel.class.getResourceAsStream(name),
          () -> "expected " + name + " on the class path; its jar is missing");
    }
  }
}
