package dev.millrace.worker.media;

import dev.millrace.runtime.usage.ModelCall.Purpose;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A media service that makes one kind of medium. Every submission is paid for. */
interface Generator extends AutoCloseable {

  /** Who makes it, for example {@code kie}. */
  String provider();

  /** What makes it there. */
  String model();

  Purpose purpose();

  /** What a shot is charged by: 1 for an image, its seconds for a clip. */
  long units(Shot shot);

  /**
   * Asks for a generation.
   *
   * @param image picture of the shot, once there is one
   * @return id under which it is asked after
   */
  String submit(Shot shot, @Nullable URI image) throws MediaException, InterruptedException;

  /** Asks how a generation stands. */
  Progress look(String requestId) throws MediaException, InterruptedException;

  @Override
  void close();
}
