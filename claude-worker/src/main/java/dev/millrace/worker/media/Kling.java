package dev.millrace.worker.media;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.runtime.usage.ModelCall.Purpose;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Clips by Kling, through the queue of FAL: {@code POST /<model>} answers with a request id, after
 * which {@code GET /<app>/requests/<id>/status} is asked until it is {@code COMPLETED}, and then
 * {@code GET /<app>/requests/<id>} for the result. The app is the first two parts of the model's
 * name. The addresses that the queue names itself are not followed.
 */
final class Kling implements Generator {

  private final MediaApi api;
  private final String model;
  private final String requests;

  /**
   * @param model model that makes a clip from a picture, {@code owner/name/...}
   */
  Kling(MediaConfig.Service service, String model) {
    this.api = new MediaApi("FAL", service.baseUrl(), "Key " + service.key().reveal());
    this.model = model;
    this.requests = "/" + model.replaceFirst("^([^/]+/[^/]+).*", "$1") + "/requests/";
  }

  @Override
  public String provider() {
    return "fal";
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public Purpose purpose() {
    return Purpose.CLIP;
  }

  @Override
  public long units(Shot shot) {
    return shot.seconds();
  }

  @Override
  public String submit(Shot shot, @Nullable URI image) throws MediaException, InterruptedException {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("prompt", shot.motionPrompt())
            .put("image_url", requireNonNull(image, "image").toString())
            .put("duration", Integer.toString(shot.seconds()));
    return api.id(api.post("/" + model, body).path("request_id"));
  }

  @Override
  public Progress look(String requestId) throws MediaException, InterruptedException {
    JsonNode status = api.get(requests + requestId + "/status");
    return switch (status.path("status").asText()) {
      case "IN_QUEUE", "IN_PROGRESS" -> new Progress.Pending();
      case "COMPLETED" ->
          status.hasNonNull("error")
              ? failed(status.path("error"))
              : api.made(api.get(requests + requestId).at("/video/url"));
      case "FAILED", "CANCELED" -> failed(status.path("error"));
      default -> throw api.malformed("no status of the request");
    };
  }

  private static Progress failed(JsonNode error) {
    return new Progress.Failed(
        "Kling made no clip: " + MediaApi.shorten(error.asText("without a reason")));
  }

  @Override
  public void close() {
    api.close();
  }
}
