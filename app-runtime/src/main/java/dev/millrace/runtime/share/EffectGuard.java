package dev.millrace.runtime.share;

import dev.millrace.schemas.event.Effect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes over work that has a side effect, when the delivery comes from a replay that does not have
 * it: the delivery is accepted and nothing is done.
 */
public final class EffectGuard<T> implements Work<T> {

  private static final Logger log = LoggerFactory.getLogger(EffectGuard.class);

  private final Effect effect;
  private final Work<T> work;

  private EffectGuard(Effect effect, Work<T> work) {
    this.effect = effect;
    this.work = work;
  }

  /**
   * Guards work.
   *
   * @param effect what the work does to the world outside
   */
  public static <T> Work<T> of(Effect effect, Work<T> work) {
    return new EffectGuard<>(effect, work);
  }

  @Override
  public void process(Delivery<T> delivery) throws InterruptedException {
    if (delivery.context().allows(effect)) {
      work.process(delivery);
      return;
    }
    log.atInfo()
        .addKeyValue("topic", delivery.topic())
        .addKeyValue("event_id", delivery.context().id())
        .addKeyValue("replay", delivery.context().replayId())
        .addKeyValue("effect", effect.code())
        .log("passed over: the replay does not have this effect");
  }

  @Override
  public void givenUp(Delivery<T> delivery, String reason) throws InterruptedException {
    if (delivery.context().allows(effect)) {
      work.givenUp(delivery, reason);
    }
  }
}
