package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.event.ReplayMark;
import dev.millrace.standalone.embedded.Folders;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.reset.AppReset;
import dev.millrace.standalone.reset.GroupReset;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One app goes back to a point in time, and what it repeats has no effects. */
@ExtendWith(WithMillrace.class)
class ResetIT {

  private static final String APP = "health-agents";

  /** Also when a test failed in the middle. */
  @AfterEach
  void allAppsRunAgain(Millrace millrace) throws InterruptedException {
    for (String app : List.of(APP, "embedding-worker")) {
      if (!millrace.pipeline().apps().containsKey(app)) {
        millrace.pipeline().startApp(app);
      }
    }
    millrace.pipeline().awaitReady(progress -> {});
  }

  @Test
  void anAppThatRunsIsNotReset(Millrace millrace) throws Exception {
    AppReset reset = new AppReset(millrace.kafka().admin());
    List<GroupReset> plan = reset.plan(APP, Instant.EPOCH);

    assertThatThrownBy(() -> reset.apply(APP, plan, new ReplayMark("reset-it", Set.of())))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("health-agents runs; stop it first");
  }

  @Test
  void anAppWithoutOffsetsOfItsOwnIsNotReset(Millrace millrace) {
    assertThatThrownBy(
            () -> new AppReset(millrace.kafka().admin()).plan("claude-worker", Instant.EPOCH))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("share groups");
  }

  @Test
  void anAppReadsAgainWithoutEffects(Millrace millrace) throws Exception {
    // given a repair, decided by the app that is going to be reset
    Instant before = Instant.now();
    long restarts = millrace.watched().restarts();
    millrace.watched().breakDown();
    eventually()
        .untilAsserted(() -> assertThat(millrace.watched().restarts()).isGreaterThan(restarts));
    eventually().until(() -> millrace.watched().isHealthy());
    long restarted = millrace.watched().restarts();
    millrace.pipeline().stopApp(APP);
    AppReset reset = new AppReset(millrace.kafka().admin());
    String id = "reset-" + UUID.randomUUID();

    // when
    List<GroupReset> plan = reset.plan(APP, before);
    reset.apply(APP, plan, new ReplayMark(id, Set.of()));
    for (GroupReset group : plan) {
      Folders.deleteContents(stores(millrace, group));
    }
    millrace.pipeline().startApp(APP);
    millrace.pipeline().awaitReady(progress -> {});

    // then
    assertThat(plan.stream().mapToLong(GroupReset::offsets).sum()).isPositive();
    eventually().untilAsserted(() -> assertThat(marked(millrace, id)).isPositive());
    String again =
        millrace
            .gateway()
            .post("/api/test/anomaly", "{\"projectName\":\"after\",\"type\":\"high_memory\"}")
            .text();
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        "SELECT count(*) FROM ai_events WHERE subject = 'after'"
                            + " AND event_type = 'remediation_skipped'"))
                .as("what is new has its effects, after %s", again)
                .isEqualTo(1));
    assertThat(millrace.watched().restarts()).isEqualTo(restarted);
  }

  @Test
  void documentsThatAnOlderDatabaseLacksAreIndexedAgain(Millrace millrace) throws Exception {
    // given
    Instant before = Instant.now();
    String uri = "it://" + UUID.randomUUID() + "/oak";
    post(millrace, uri, "The mill is built of oak.");
    millrace.pipeline().stopApp("embedding-worker");
    millrace
        .owner()
        .useHandle(handle -> handle.execute("DELETE FROM knowledge.documents WHERE uri = ?", uri));
    assertThat(texts(millrace, uri)).isEmpty();
    AppReset reset = new AppReset(millrace.kafka().admin());

    // when
    List<GroupReset> plan = reset.plan("embedding-worker", before);
    reset.apply(
        "embedding-worker",
        plan,
        new ReplayMark("reset-" + UUID.randomUUID(), Set.of(Effect.MODEL_CALLS)));
    millrace.pipeline().startApp("embedding-worker");
    millrace.pipeline().awaitReady(progress -> {});

    // then
    assertThat(plan).anyMatch(group -> group.shared() && group.offsets() > 0);
    eventually()
        .untilAsserted(
            () -> assertThat(texts(millrace, uri)).containsExactly("The mill is built of oak."));
    post(millrace, uri, "The mill is built of ash.");
    assertThat(texts(millrace, uri)).containsExactly("The mill is built of ash.");
  }

  private static void post(Millrace millrace, String uri, String text) {
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/knowledge/documents",
                "{\"uri\":\"%s\",\"content\":\"%s\"}".formatted(uri, text));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static List<String> texts(Millrace millrace, String uri) {
    return Queries.texts(millrace, "SELECT content FROM public.embeddings WHERE source = ?", uri);
  }

  private static Path stores(Millrace millrace, GroupReset group) {
    return Path.of(
            millrace.pipeline().environment().optional("KAFKA_STREAMS_STATE_DIR").orElseThrow())
        .resolve(group.group());
  }

  /** Records that followed from what was read again. */
  private static long marked(Millrace millrace, String id) {
    return Queries.count(
        millrace,
        "SELECT count(*) FROM audit.records WHERE headers ->> 'millrace_replay_id' = ?",
        id);
  }
}
