package dev.millrace.gateway.stream;

import dev.millrace.gateway.http.SocketRoute;
import java.io.IOException;

/** A client of the live stream on a WebSocket: each event is a message, the line of JSON. */
final class LiveSocket implements SocketRoute.Conversation {

  private final LiveEvents.Client client;

  LiveSocket(LiveEvents.Client client) {
    this.client = client;
  }

  @Override
  public void write(SocketRoute.Messages messages) throws IOException, InterruptedException {
    client.hand(
        new LiveEvents.Receiver() {
          @Override
          public void take(LiveEvent event, boolean last) throws IOException {
            messages.send(event.json());
          }

          @Override
          public void silence() throws IOException {
            messages.ping();
          }
        });
  }

  @Override
  public void end() {
    client.disconnect();
  }
}
