package dev.millrace.gateway.http;

import dev.millrace.schemas.event.TraceContext;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.websocket.WsCloseCodes;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.helidon.websocket.WsUpgradeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket, from its upgrade to its end. Helidon reads on a thread of its own and does not
 * guard what is written: all writing goes through one lock, and the answer to a client's goodbye
 * waits for the writer.
 */
final class SocketListener implements WsListener {

  private static final Logger log = LoggerFactory.getLogger(SocketListener.class);
  private static final Duration WRITER_END = Duration.ofSeconds(5);

  private final SocketRoute route;
  private final ReentrantLock writing = new ReentrantLock();
  private SocketRoute.@Nullable Conversation conversation;
  private @Nullable Thread writer;

  /** Whether either side has said goodbye, after which nothing more may be written. */
  private boolean closing;

  SocketListener(SocketRoute route) {
    this.route = route;
  }

  /** Who is refused here goes on as a plain request, to the route of this path that says why. */
  @Override
  public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers)
      throws WsUpgradeException {
    Call call = new Call(new UpgradeIncoming(prologue, headers), TraceContext.start());
    try {
      conversation = route.opener().open(call);
    } catch (ProblemException e) {
      throw new WsUpgradeException(e.getMessage(), e);
    }
    return Optional.empty();
  }

  @Override
  public void onOpen(WsSession session) {
    SocketRoute.Conversation opened = conversation;
    if (opened == null) {
      throw new IllegalStateException("a socket is open that was not let in");
    }
    writer = Thread.ofVirtual().name("socket").start(() -> write(opened, session));
  }

  private void write(SocketRoute.Conversation opened, WsSession session) {
    try {
      opened.write(new Guarded(session));
      close(session, WsCloseCodes.TRY_AGAIN_LATER, "the stream has ended");
    } catch (IOException | UncheckedIOException | SocketWriterException e) {
      log.atDebug().addKeyValue("path", route.path()).setCause(e).log("a socket's client is gone");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      opened.end();
    }
  }

  @Override
  public void onMessage(WsSession session, String text, boolean last) {
    refuse(session);
  }

  @Override
  public void onMessage(WsSession session, BufferData buffer, boolean last) {
    refuse(session);
  }

  private void refuse(WsSession session) {
    close(session, WsCloseCodes.CANNOT_ACCEPT, "nothing is expected here");
    end();
  }

  private void close(WsSession session, int code, String reason) {
    guarded(() -> {
      closing = true;
      session.close(code, reason);
    });
  }

  @Override
  public void onPing(WsSession session, BufferData buffer) {
    guarded(() -> session.pong(buffer));
  }

  /** Helidon answers with the same status, unless the goodbye began here. */
  @Override
  public void onClose(WsSession session, int status, String reason) {
    guarded(() -> closing = true);
    end();
    awaitWriter();
  }

  @Override
  public void onError(WsSession session, Throwable failure) {
    log.atDebug().addKeyValue("path", route.path()).setCause(failure).log("a socket broke");
    end();
  }

  private void end() {
    SocketRoute.Conversation opened = conversation;
    if (opened != null) {
      opened.end();
    }
  }

  private void awaitWriter() {
    Thread running = writer;
    try {
      if (running != null) {
        running.join(WRITER_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void guarded(Runnable write) {
    writing.lock();
    try {
      if (!closing) {
        write.run();
      }
    } finally {
      writing.unlock();
    }
  }

  /** A session that one thread writes to at a time. */
  private final class Guarded implements SocketRoute.Messages {

    private final WsSession session;

    Guarded(WsSession session) {
      this.session = session;
    }

    @Override
    public void send(String text) {
      guarded(() -> session.send(text, true));
    }

    @Override
    public void ping() {
      guarded(() -> session.ping(BufferData.empty()));
    }
  }
}
