package dev.millrace.worker.media;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.runtime.usage.ModelCall.Purpose;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Images by Midjourney, through KIE: {@code POST /api/v1/mj/generate} answers with a task id, after
 * which {@code GET /api/v1/mj/record-info} is asked until its {@code successFlag} is not 0. A
 * status stands in the field {@code code} of every answer, whatever HTTP says. Of the four pictures
 * that it makes, the first is taken.
 */
final class Midjourney implements Generator {

  private static final int OK = 200;

  private final MediaApi api;
  private final String version;

  /**
   * @param version version of Midjourney
   */
  Midjourney(MediaConfig.Service service, String version) {
    this.api = new MediaApi("KIE", service.baseUrl(), "Bearer " + service.key().reveal());
    this.version = version;
  }

  @Override
  public String provider() {
    return "kie";
  }

  @Override
  public String model() {
    return "midjourney";
  }

  @Override
  public Purpose purpose() {
    return Purpose.IMAGE;
  }

  @Override
  public long units(Shot shot) {
    return 1;
  }

  @Override
  public String submit(Shot shot, @Nullable URI image) throws MediaException, InterruptedException {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("taskType", "mj_txt2img")
            .put("prompt", shot.imagePrompt())
            .put("speed", "fast")
            .put("aspectRatio", "16:9")
            .put("version", version);
    return api.id(data(api.post("/api/v1/mj/generate", body)).path("taskId"));
  }

  @Override
  public Progress look(String requestId) throws MediaException, InterruptedException {
    JsonNode task = data(api.get("/api/v1/mj/record-info?taskId=" + requestId));
    return switch (task.path("successFlag").asInt(-1)) {
      case 0 -> new Progress.Pending();
      case 1 -> api.made(task.at("/resultInfoJson/resultUrls/0/resultUrl"));
      case 2, 3 ->
          new Progress.Failed(
              "Midjourney made no image: "
                  + MediaApi.shorten(task.path("errorMessage").asText("without a reason")));
      default -> throw api.malformed("no successFlag from 0 to 3");
    };
  }

  private JsonNode data(JsonNode answer) throws MediaException {
    int code = answer.path("code").asInt();
    if (code != OK) {
      throw api.refused(code, answer.path("msg").asText(), null);
    }
    return answer.path("data");
  }

  @Override
  public void close() {
    api.close();
  }
}
