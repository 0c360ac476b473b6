package dev.millrace.knowledge.embedding;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.millrace.knowledge.vector.VectorSpace;
import dev.millrace.runtime.failure.RetryAfter;
import dev.millrace.runtime.usage.ModelCall;
import dev.millrace.runtime.usage.ModelCall.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An embedding model of OpenAI, or of a server that speaks its protocol. */
final class OpenAiEmbeddingModel implements EmbeddingModel {

  /** Texts in one request, far below what the service takes (2,048 texts, 300,000 tokens). */
  private static final int BATCH_SIZE = 128;

  private static final int MAX_TOKENS = 8_191;

  /** No English text and hardly any other has tokens of fewer characters on average. */
  private static final int CHARACTERS_PER_TOKEN = 3;

  private final OpenAIClient client;
  private final String model;
  private final VectorSpace space;
  private final int dimensions;
  private final ModelCall.Listener listener;

  /**
   * @param dimensions length of the vectors to ask for; 0 to take the model's own
   * @param listener hears of the calls
   */
  OpenAiEmbeddingModel(
      OpenAIClient client,
      String model,
      VectorSpace space,
      int dimensions,
      ModelCall.Listener listener) {
    this.client = client;
    this.model = model;
    this.space = space;
    this.dimensions = dimensions;
    this.listener = listener;
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
    return Math.ceilDiv(text.length(), CHARACTERS_PER_TOKEN);
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    List<float[]> vectors = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += BATCH_SIZE) {
      vectors.addAll(embedBatch(texts.subList(from, Math.min(texts.size(), from + BATCH_SIZE))));
    }
    return vectors;
  }

  private List<float[]> embedBatch(List<String> texts) {
    EmbeddingCreateParams.Builder request =
        EmbeddingCreateParams.builder()
            .model(model)
            .inputOfArrayOfStrings(texts)
            .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT);
    if (dimensions > 0) {
      request.dimensions(dimensions);
    }
    try {
      CreateEmbeddingResponse answer = client.embeddings().create(request.build());
      listener.called(
          new ModelCall(Purpose.EMBEDDING, "openai", model, answer.usage().promptTokens(), 0));
      return vectors(answer, texts.size());
    } catch (OpenAIServiceException e) {
      throw failure(e);
    } catch (OpenAIInvalidDataException e) {
      throw new EmbeddingRefusedException(
          "the answer of %s is not understood: %s".formatted(space.model(), e.getMessage()), e);
    } catch (OpenAIException e) {
      throw EmbeddingUnavailableException.away(
          "%s cannot be reached: %s".formatted(space.model(), e.getMessage()), null, e);
    }
  }

  private List<float[]> vectors(CreateEmbeddingResponse answer, int expected) {
    float[][] vectors = new float[expected][];
    for (Embedding embedding : answer.data()) {
      int index = Math.toIntExact(embedding.index());
      if (index >= 0 && index < expected) {
        vectors[index] = vector(embedding.embedding());
      }
    }
    List<float[]> found = Arrays.stream(vectors).filter(v -> v != null).toList();
    if (found.size() != expected) {
      throw new EmbeddingRefusedException(
          "expected %d vectors of %s, found %d".formatted(expected, space.model(), found.size()),
          null);
    }
    return found;
  }

  private float[] vector(List<Float> values) {
    if (values.size() != space.dimensions()) {
      throw new EmbeddingRefusedException(
          "expected vectors of %d dimensions of %s, found %d; set EMBEDDING_DIMENSIONS"
              .formatted(space.dimensions(), space.model(), values.size()),
          null);
    }
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
  }

  /**
   * Limits and outages pass. So does a wrong key, once an operator has set the right one: the
   * documents wait for that rather than being given up.
   */
  private RuntimeException failure(OpenAIServiceException e) {
    String message = "%s answered %d".formatted(space.model(), e.statusCode());
    return switch (e.statusCode()) {
      case 400, 404, 413, 422 -> new EmbeddingRefusedException(message + ": " + e.getMessage(), e);
      case 429 ->
          EmbeddingUnavailableException.limited(message, RetryAfter.of(e.headers()::values), e);
      default -> EmbeddingUnavailableException.away(message, RetryAfter.of(e.headers()::values), e);
    };
  }
}
